import { isReranked, orderByExpression, queryParameter } from '../indexes/index.js';
import type { IndexSpec, Metric, SearchSettings, Stored } from '../vocabulary.js';
import { numberOf, type QueryNumber } from './knob.js';

/** Candidates for each row that is asked for, where nothing else is said: as in pgvector's README, sections Binary Quantization and Indexing Subvectors. */
const CANDIDATES_PER_ROW = 4;

/** Rows that a quantised index gives, to be sorted by the distance of their stored vectors. */
export const rerankDepth: QueryNumber = {
  kind: 'number',
  name: 'rerank_depth',
  min: 1,
  max: 100_000,
  default: 40,
  integer: true,
  monotone: true,
};

export interface NearestOptions {
  /** Quoted, schema-qualified name of a table `(id, embedding)`. */
  readonly table: string;
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly dimensions: number;
  /** Rows that are asked for. */
  readonly limit: number;
  /** {@link rerankDepth} is looked at; without it bits and subvectors are re-ranked by default and half precision is not. */
  readonly settings: SearchSettings;
  /** What to select, as SQL over `id` and `embedding`. */
  readonly columns: string;
  /** Rows that count, as SQL over the table's columns; all when absent. */
  readonly where?: string | undefined;
}

/**
 * SELECT of the rows nearest to `$1`, ordered by the very expression that the index is built on: any other form
 * (`DESC`, an arithmetic on the distance, a missing cast) and the planner cannot use the index.
 *
 * A quantised index orders by what it has kept of the vectors. Its first rows are candidates, which the outer query
 * sorts by the distance of the vectors in the table; bits or some dimensions alone would be a poor answer, so they are
 * always re-ranked.
 */
export function nearestRows(options: NearestOptions): string {
  const { spec, metric, dimensions, limit, settings, columns } = options;
  const from = `FROM ${options.table}${options.where === undefined ? '' : ` WHERE ${options.where}`}`;
  const order = (stored: Stored): string =>
    orderByExpression({
      spec: stored,
      metric,
      column: 'embedding',
      dimensions,
      query: queryParameter(metric, dimensions),
    });
  const candidates = candidatesOf(spec, limit, settings);
  if (candidates === null) return `SELECT ${columns} ${from} ORDER BY ${order(spec)} LIMIT ${limit}`;
  const inner = `SELECT id, embedding ${from} ORDER BY ${order(spec)} LIMIT ${candidates}`;
  return `SELECT ${columns} FROM (${inner}) AS candidates ORDER BY ${order({ representation: 'vector' })} LIMIT ${limit}`;
}

/** How many rows are taken from the index to be re-ranked, at least the rows that are asked for; null: there is no re-ranking. */
export function candidatesOf(spec: IndexSpec, limit: number, settings: SearchSettings): number | null {
  if (spec.representation === 'vector') return null;
  if (settings[rerankDepth.name] !== undefined) return Math.max(limit, numberOf(rerankDepth, settings));
  return isReranked(spec) ? CANDIDATES_PER_ROW * limit : null;
}
