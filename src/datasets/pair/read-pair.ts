import { PgvtuneError } from '../../errors.js';
import { createRandom, type Random } from '../../random.js';
import type { Matrix } from '../../vocabulary.js';
import type { Dataset } from '../store/dataset.js';
import { createHashIndex, type Hash64, type HashIndex, hashWords } from '../store/hash-index.js';

/** Two datasets side by side: what they have in common, and a random sample of each that has nothing in common. */
export interface DatasetPair {
  readonly base: PairSide;
  readonly candidate: PairSide;
}

export interface PairSide {
  /** Share of the rows whose vector the other dataset has neither among its rows nor among queries held out of them. */
  readonly onlyHere: number;
  /** Distinct vectors of rows drawn at random, as they are stored, in random order. */
  readonly sample: Matrix;
  /** Number of the row of each. */
  readonly rows: readonly number[];
}

/**
 * Reads two datasets of the same dimensions, each twice. A coin that is tossed for each vector says in which of the samples it
 * may be. So no vector is in both, and each sample is a random one of its dataset, whatever the two have in common: of equal
 * datasets two random samples of the same rows.
 *
 * @param options.rows rows that are drawn of each dataset; fewer where its half has fewer
 * @throws {PgvtuneError} `interrupted` after an abort
 */
export async function readPair(
  base: Dataset,
  candidate: Dataset,
  { rows, signal }: { readonly rows: Readonly<Record<'base' | 'candidate', number>>; readonly signal?: AbortSignal },
): Promise<DatasetPair> {
  const random = createRandom('pair');
  const known = { base: await vectorsOf(base, signal), candidate: await vectorsOf(candidate, signal) };
  const side = (dataset: Dataset, name: 'base' | 'candidate', other: HashIndex): Promise<PairSide> =>
    readSide(dataset, { other, coin: name === 'base' ? 0 : 1, rows: rows[name], random: random.fork(name), signal });
  return {
    base: await side(base, 'base', known.candidate),
    candidate: await side(candidate, 'candidate', known.base),
  };
}

async function vectorsOf(dataset: Dataset, signal: AbortSignal | undefined): Promise<HashIndex> {
  const index = createHashIndex();
  for await (const { row, hash } of hashesOf(dataset, signal)) index.add(hash, row);
  // Held out of the rows at random: they are rows of the source as well.
  const { queries, manifest } = dataset;
  const words = wordsOf(queries);
  if (manifest.queriesHeldOut) {
    for (let row = 0; row < queries.rows; row++) index.add(hashOf(words, row, queries.dimensions), row);
  }
  return index;
}

interface SideOptions {
  readonly other: HashIndex;
  readonly coin: number;
  readonly rows: number;
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
}

/** A reservoir (Vitter 1985, algorithm R) of the rows that the coin lets in. */
async function readSide(dataset: Dataset, { other, coin, rows, random, signal }: SideOptions): Promise<PairSide> {
  const drawn: { readonly row: number; readonly hash: Hash64 }[] = [];
  let [seen, onlyHere] = [0, 0];
  for await (const { row, hash } of hashesOf(dataset, signal)) {
    if (other.find(hash) < 0) onlyHere++;
    if (hash.high >>> 31 !== coin) continue;
    const slot = drawn.length < rows ? drawn.length : random.int(seen + 1);
    if (slot < rows) drawn[slot] = { row, hash };
    seen++;
  }
  const once = createHashIndex();
  const chosen = random.shuffle(drawn.filter(({ row, hash }) => once.add(hash, row) < 0).map(({ row }) => row));
  const { dimensions } = dataset.manifest;
  const values = new Float32Array(chosen.length * dimensions);
  for (const [i, row] of chosen.entries()) values.set(dataset.vector(row), i * dimensions);
  return {
    onlyHere: onlyHere / dataset.manifest.rows,
    sample: { rows: chosen.length, dimensions, values },
    rows: chosen,
  };
}

async function* hashesOf(
  dataset: Dataset,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ readonly row: number; readonly hash: Hash64 }> {
  for await (const block of dataset.blocks()) {
    if (signal?.aborted) throw new PgvtuneError('interrupted', 'Reading the datasets was interrupted.');
    const words = wordsOf(block);
    for (let row = 0; row < block.rows; row++) {
      yield { row: block.start + row, hash: hashOf(words, row, block.dimensions) };
    }
  }
}

const wordsOf = ({ values }: Matrix): Uint32Array => new Uint32Array(values.buffer, values.byteOffset, values.length);

const hashOf = (words: Uint32Array, row: number, dimensions: number): Hash64 =>
  hashWords(words, row * dimensions, (row + 1) * dimensions);

/** Ids of some rows, in their order. */
export async function idsOf(dataset: Dataset, rows: readonly number[]): Promise<readonly (string | number)[]> {
  const ids = new Map<number, string | number>();
  const last = Math.max(...rows);
  const wanted = new Set(rows);
  let number = 0;
  for await (const { id } of dataset.rows()) {
    if (wanted.has(number)) ids.set(number, id);
    if (number++ >= last) break;
  }
  return rows.map((row) => ids.get(row)!);
}
