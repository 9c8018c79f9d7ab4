import { PgvtuneError } from '../../errors.js';
import { createRandom } from '../../random.js';
import type { Matrix } from '../../vocabulary.js';
import { createValueCounter, type ColumnDescription } from './column-values.js';
import type { Dataset, DatasetManifest, RowData } from '../store/dataset.js';
import { estimateGeometry, type Geometry } from './geometry.js';
import { type DistanceSpread, distanceSpread } from './distance-spread.js';
import { guessLanguage, type LanguageGuess } from './language.js';
import { type DatasetRemark, remarksOn } from './remarks.js';

/** A dataset as a person would want to know it. */
export interface DatasetDescription {
  readonly manifest: DatasetManifest;
  /** Euclidean lengths of all rows. */
  readonly norms: {
    readonly min: number;
    readonly mean: number;
    readonly max: number;
    readonly standardDeviation: number;
  };
  /** Share of the rows whose vector repeats an earlier one. */
  readonly duplicates: number;
  readonly geometry: Geometry & {
    /** Rows that it was estimated from. */
    readonly sampledRows: number;
    /** Distances of directions (cosine), or as the vectors lie. */
    readonly space: 'cosine' | 'l2';
  };
  readonly distances: DistanceSpread;
  readonly remarks: readonly DatasetRemark[];
  readonly columns: readonly ColumnDescription[];
  /** null when there is no text. */
  readonly text: (LanguageGuess & { readonly rows: number; readonly meanCharacters: number }) | null;
  /** Neighbours of each query that the source declares; 0 when it declares none. */
  readonly declaredNeighbours: number;
  readonly sample: readonly SampledRow[];
}

/** One of the first rows, with the first numbers of its vector. */
export interface SampledRow extends RowData {
  readonly vector: readonly number[];
}

/** Rows among which all distances are computed: a second's work at 768 dimensions. */
const SAMPLED_ROWS = 1500;
const SAMPLED_BYTES = 64 * 1024 * 1024;
const SAMPLED_TEXTS = 500;
const SHOWN_ROWS = 5;
const SHOWN_NUMBERS = 5;

/**
 * Reads a dataset once and describes it, in memory that does not grow with its rows. The sample is chosen by a fixed
 * seed: the same dataset is always described the same way.
 *
 * @throws {PgvtuneError} `interrupted` after an abort
 */
export async function describeDataset(
  dataset: Dataset,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<DatasetDescription> {
  const { manifest } = dataset;
  const checkAbort = (): void => {
    if (signal?.aborted) throw new PgvtuneError('interrupted', 'Describing the dataset was interrupted.');
  };
  const norms = await normsOf(dataset, checkAbort);
  const { columns, text, first } = await readRows(dataset, checkAbort);
  const space = manifest.metric === 'cosine' ? 'cosine' : 'l2';
  const sampled = sampleVectors(dataset, space);
  const geometry = estimateGeometry(sampled);
  return {
    manifest,
    norms,
    duplicates: manifest.checks.duplicateRows / manifest.rows,
    geometry: { ...geometry, sampledRows: sampled.rows, space },
    // Directions suffice for cosine; the other metrics need the vectors as they are, which `l2` has.
    distances: distanceSpread(sampled, manifest.metric ?? 'l2'),
    remarks: remarksOn({ manifest, norms, geometry }),
    columns,
    text,
    declaredNeighbours: (await dataset.declaredNeighbours())?.k ?? 0,
    sample: first.map((row, number) => ({ ...row, vector: [...dataset.vector(number).subarray(0, SHOWN_NUMBERS)] })),
  };
}

async function normsOf(dataset: Dataset, checkAbort: () => void): Promise<DatasetDescription['norms']> {
  let min = Infinity;
  let max = 0;
  // Welford's recurrence: no cancellation when all norms are 1.
  let mean = 0;
  let squares = 0;
  for await (const { start, rows, dimensions, values } of dataset.blocks()) {
    checkAbort();
    for (let row = 0; row < rows; row++) {
      let sum = 0;
      for (let i = row * dimensions; i < (row + 1) * dimensions; i++) sum += values[i]! ** 2;
      const norm = Math.sqrt(sum);
      min = Math.min(min, norm);
      max = Math.max(max, norm);
      const deviation = norm - mean;
      mean += deviation / (start + row + 1);
      squares += deviation * (norm - mean);
    }
  }
  return { min, mean, max, standardDeviation: Math.sqrt(squares / dataset.manifest.rows) };
}

async function readRows(dataset: Dataset, checkAbort: () => void) {
  const { manifest } = dataset;
  const counters = manifest.columns.map((column) => ({ name: column.name, counter: createValueCounter(column) }));
  const first: RowData[] = [];
  const texts: string[] = [];
  const stride = Math.max(1, Math.floor(manifest.rows / SAMPLED_TEXTS));
  let number = 0;
  let textRows = 0;
  let characters = 0;
  const isBare = manifest.columns.length === 0 && manifest.textColumn === null;
  for await (const row of dataset.rows()) {
    if (isBare && number === SHOWN_ROWS) break;
    if (number % 1000 === 0) checkAbort();
    if (number < SHOWN_ROWS) first.push(row);
    for (const { name, counter } of counters) counter.add(row.attributes[name]);
    if (row.text !== null) {
      textRows++;
      characters += row.text.length;
      if (number % stride === 0) texts.push(row.text);
    }
    number++;
  }
  return {
    columns: counters.map(({ counter }) => counter.describe(manifest.rows)),
    text: textRows === 0 ? null : { ...guessLanguage(texts), rows: textRows, meanCharacters: characters / textRows },
    first,
  };
}

function sampleVectors(dataset: Dataset, space: 'cosine' | 'l2'): Matrix {
  const { rows, dimensions } = dataset.manifest;
  const size = Math.min(rows, SAMPLED_ROWS, Math.floor(SAMPLED_BYTES / (4 * dimensions)));
  const random = createRandom('describe');
  const chosen = new Set<number>();
  while (chosen.size < size) chosen.add(random.int(rows));
  const values = new Float32Array(size * dimensions);
  let offset = 0;
  for (const row of chosen) {
    const vector = dataset.vector(row);
    const norm = space === 'cosine' ? Math.sqrt(vector.reduce((sum, value) => sum + value ** 2, 0)) : 1;
    values.set(norm > 0 ? vector.map((value) => value / norm) : vector, offset);
    offset += dimensions;
  }
  return { rows: size, dimensions, values };
}
