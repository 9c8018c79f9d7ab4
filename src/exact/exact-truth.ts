import { createHash } from 'node:crypto';
import type { Dataset } from '../datasets/index.js';
import { PgvtuneError } from '../errors.js';
import { systemError } from '../system-error.js';
import type { Metric } from '../vocabulary.js';
import { readTruth, writeTruth } from './cache.js';
import { computeTruth, type ComputeOptions } from './compute.js';
import { believeDeclared } from './declared.js';
import type { Question } from './plan.js';
import type { RowFilter } from './row-filter.js';
import type { Truth } from './truth.js';

export interface TruthOptions extends ComputeOptions {
  readonly metric: Metric;
  /** Neighbours per query, at least 1. May exceed the rows that exist: the rest is then empty. */
  readonly k: number;
  /** Numbers of the dataset's queries to answer, in this order; all of them when absent. */
  readonly queries?: readonly number[] | Int32Array | undefined;
  /** Which rows may be returned, query by query; all rows when absent. */
  readonly filter?: RowFilter | undefined;
}

/**
 * Exact nearest neighbours of a dataset's queries. They are kept in the dataset's cache folder: the same question asked
 * again is answered from there, without progress. Neighbours that the dataset declares are used when a sample of them
 * proves right.
 *
 * @throws {PgvtuneError} `usage` for a k, query numbers or a filter that do not fit the dataset; `interrupted` when
 *   `signal` was aborted; `environment` when a worker thread fails
 */
export async function exactTruth(dataset: Dataset, options: TruthOptions): Promise<Truth> {
  const question = checkQuestion(dataset, options);
  const { metric, k, queries, filter } = question;
  const key = {
    version: 3,
    data: dataset.manifest.hash,
    metric,
    k,
    queries: sha256(queries),
    filter: filter && sha256(filter.ofQuery, ...filter.bitmaps),
  } as const;
  const cached = await readTruth(dataset.cacheFolder, key);
  if (cached) return cached;

  const believed = await believeDeclared(dataset, question, options);
  const truth =
    believed === 'none' || believed === 'refuted'
      ? { ...(await computeTruth(dataset, question, options)), declared: believed }
      : believed;
  // The store may be somebody else's, or full: then the next run computes them again.
  await writeTruth(dataset.cacheFolder, key, truth).catch((error: unknown) => {
    if (systemError(error) === null) throw error;
  });
  return truth;
}

function checkQuestion(dataset: Dataset, options: TruthOptions): Question {
  const { rows } = dataset.manifest;
  const { metric, k, filter = null } = options;
  const allQueries = Array.from({ length: dataset.queries.rows }, (_, query) => query);
  const queries = Int32Array.from(options.queries ?? allQueries);
  const refuse = (expected: string, got: string | number | undefined) =>
    new PgvtuneError('usage', `Expected ${expected}, got ${got}.`);

  if (!Number.isInteger(k) || k < 1) throw refuse('k to be a positive integer', k);
  const unknown = queries.find((query) => query < 0 || query >= dataset.queries.rows);
  if (unknown !== undefined) throw refuse(`query numbers below ${dataset.queries.rows}`, unknown);
  if (filter) {
    if (filter.ofQuery.length !== queries.length) {
      throw refuse(`a filter for each of ${queries.length} queries`, filter.ofQuery.length);
    }
    const missing = filter.ofQuery.find((bitmap) => filter.bitmaps[bitmap] === undefined);
    if (missing !== undefined) throw refuse(`filter numbers below ${filter.bitmaps.length}`, missing);
    const bytes = Math.ceil(rows / 8);
    const misfit = filter.bitmaps.find((bitmap) => bitmap.length !== bytes);
    if (misfit) throw refuse(`bitmaps of ${bytes} bytes for ${rows} rows`, misfit.length);
  }
  return { metric, k, queries, filter };
}

function sha256(...arrays: readonly (Int32Array | Uint8Array)[]): string {
  const digest = createHash('sha256');
  for (const array of arrays) {
    digest.update(`${array.byteLength}:`);
    digest.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return digest.digest('hex');
}
