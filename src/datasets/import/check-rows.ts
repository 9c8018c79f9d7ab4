import { PgvtuneError } from '../../errors.js';
import { formatCount } from '../../units.js';
import type { Metric } from '../../vocabulary.js';
import type { ColumnCensus } from './column-types.js';
import type { LeftOut } from '../../progress.js';
import { createHashIndex, hashWords } from '../store/hash-index.js';
import { MAX_DIMENSIONS, type VectorChecks } from '../store/manifest.js';
import type { SourceRow } from '../store/row-file.js';
import { scanVector, type VectorScan } from './scan-vector.js';
import type { DatasetSource, SourceBatch } from './source.js';

/** A row of a source that can be used. */
export interface CheckedRow {
  /** Counting from 0, as the source yields them. */
  readonly number: number;
  /** A view of the batch: copy what must outlive it. */
  readonly vector: Float32Array;
  readonly row: SourceRow;
  readonly scan: VectorScan;
}

/** Refuses rows that nobody could use, or leaves them out, and counts what is only noteworthy. */
export interface RowChecker {
  /** The batch's rows that can be used, one by one. @throws {PgvtuneError} `dataset`, naming the row and its place */
  check(batch: SourceBatch): Iterable<CheckedRow>;
  /** Rows checked so far, with those that were left out. */
  readonly rows: number;
  /** Among the rows that were not left out. */
  readonly zeroRows: number;
  /** Null as long as nothing was left out. */
  readonly leftOut: LeftOut | null;
  /** The first number that half precision cannot hold; undefined as long as there is none. */
  readonly beyondHalf: VectorChecks['beyondHalf'];
  /** Zero vectors have no direction. @throws {PgvtuneError} `dataset` when there are any */
  refuseZeroRows(): void;
}

export interface RowRules {
  readonly table: 'base' | 'queries';
  /** Rows without a vector, with NaN, and those of length 0 under cosine are left out instead of refused. */
  readonly skipInvalid: boolean;
  readonly metric: Metric | null;
}

/** PostgreSQL's own limit (`MaxHeapAttributeNumber`, 1600) with room for the benchmark's own columns. */
const MAX_COLUMNS = 1500;

/** How many rows a message names before it only counts. */
const NAMED_ROWS = 5;

/** @throws {PgvtuneError} `dataset` for a number of dimensions that `vector` cannot have */
export function checkDimensions(source: DatasetSource): void {
  const { dimensions } = source;
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MAX_DIMENSIONS) return;
  throw new PgvtuneError(
    'dataset',
    `${source.locate?.('base', 0) ?? source.name}: expected vectors of 1 to ${formatCount(MAX_DIMENSIONS)} dimensions, got ${dimensions}.`,
  );
}

export function createRowChecker(
  source: DatasetSource,
  { table, skipInvalid, metric }: RowRules,
  census: ColumnCensus,
): RowChecker {
  const { dimensions } = source;
  const leftOut = { missing: 0, notFinite: 0, zero: 0 };
  const firstLeftOut: (string | number)[] = [];
  const noun = table === 'base' ? 'row' : 'query';
  const ids = createHashIndex();
  const firstZeroRows: number[] = [];
  let beyondHalf: VectorChecks['beyondHalf'];
  let zeroRows = 0;
  let rows = 0;

  const fail = (number: number, message: string, hint: string): never => {
    const place = source.locate?.(table, number) ?? source.name;
    throw new PgvtuneError('dataset', `${place}: ${noun} ${formatCount(number)} ${message}.`, { hint });
  };
  const checkId = (id: string | number, number: number): void => {
    if (typeof id === 'number' && !Number.isFinite(id)) fail(number, `has the id ${id}`, 'Give each row an id.');
    const text = String(id);
    const codes = Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
    const first = ids.add(hashWords(codes, 0, codes.length), number);
    if (first >= 0) {
      fail(
        number,
        `has the id ${JSON.stringify(id)} of ${noun} ${formatCount(first)}`,
        'Make the ids unique or leave them out.',
      );
    }
  };
  const invalidity = (batch: SourceBatch, i: number, scan: VectorScan): keyof typeof leftOut | null => {
    if (batch.missing?.has(i)) return 'missing';
    if (scan.notFiniteAt >= 0) return 'notFinite';
    return scan.zero && metric === 'cosine' ? 'zero' : null;
  };
  const checkOne = (batch: SourceBatch, words: Uint32Array, i: number): CheckedRow | null => {
    const number = rows++;
    const from = i * dimensions;
    const scan = scanVector(words, from, from + dimensions);
    const invalid = skipInvalid ? invalidity(batch, i, scan) : null;
    if (invalid !== null) {
      leftOut[invalid]++;
      if (firstLeftOut.length < NAMED_ROWS) firstLeftOut.push(batch.ids?.[i] ?? number);
      return null;
    }
    const wayOut =
      'Remove or repair such rows (only finite float32 numbers can be stored), or leave them out with --skip-invalid.';
    if (batch.missing?.has(i)) fail(number, 'has no vector', wayOut);
    if (scan.notFiniteAt >= 0) {
      const value = batch.vectors[from + scan.notFiniteAt]!;
      fail(number, `has ${value} as number ${scan.notFiniteAt + 1} of ${dimensions}`, wayOut);
    }
    if (scan.zero) {
      zeroRows++;
      if (firstZeroRows.length < NAMED_ROWS) firstZeroRows.push(number);
    }
    if (scan.beyondHalfAt >= 0) beyondHalf ??= { table, row: number, value: batch.vectors[from + scan.beyondHalfAt]! };
    const id = batch.ids?.[i] ?? null;
    if (id !== null) checkId(id, number);
    const attributes = batch.attributes?.[i] ?? null;
    if (attributes !== null && census.add(attributes) > MAX_COLUMNS) {
      fail(
        number,
        `brings more than ${formatCount(MAX_COLUMNS)} attributes`,
        'Keep fewer attributes, or nest them in one.',
      );
    }
    const vector = batch.vectors.subarray(from, from + dimensions);
    return { number, vector, row: { id, text: batch.texts?.[i] ?? null, attributes }, scan };
  };
  return {
    *check(batch) {
      checkShape(source, batch);
      const words = new Uint32Array(batch.vectors.buffer, batch.vectors.byteOffset, batch.vectors.length);
      for (let i = 0; i < batch.rows; i++) {
        const checked = checkOne(batch, words, i);
        if (checked) yield checked;
      }
    },
    get rows() {
      return rows;
    },
    get zeroRows() {
      return zeroRows;
    },
    get beyondHalf() {
      return beyondHalf;
    },
    get leftOut() {
      return firstLeftOut.length === 0 ? null : { table, ...leftOut, first: firstLeftOut };
    },
    refuseZeroRows() {
      if (zeroRows === 0) return;
      const named = firstZeroRows.map(formatCount).join(', ') + (zeroRows > firstZeroRows.length ? ', …' : '');
      const [verb, nouns] = zeroRows === 1 ? ['is a', 'vector'] : ['are', 'vectors'];
      throw new PgvtuneError(
        'dataset',
        `${source.name}: there ${verb} zero ${nouns} (${noun} ${named}: ${formatCount(zeroRows)} in all), and cosine distance is not defined for them.`,
        {
          hint: 'Remove them (--skip-invalid), or choose another metric: pgvector leaves them out of a cosine index without a word.',
        },
      );
    },
  };
}

/** A batch that contradicts itself is a defect of its reader, not of the data. */
function checkShape(source: DatasetSource, { rows, vectors, ids, attributes, texts }: SourceBatch): void {
  const lengths = [ids, attributes, texts].flatMap((list) => (list === null ? [] : [list.length]));
  if (vectors.length === rows * source.dimensions && lengths.every((length) => length === rows)) return;
  throw new TypeError(
    `Expected ${rows} rows of ${source.dimensions} numbers from ${source.name}, got ${vectors.length} numbers and lists of ${lengths.join(', ')}.`,
  );
}
