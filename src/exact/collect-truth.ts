import type { Metric } from '../vocabulary.js';
import type { NearestRows } from './nearest.js';
import type { Truth } from './truth.js';

/** What was found for one of the asked queries. */
export interface QueryAnswer extends NearestRows {
  /** Position among the asked queries. */
  readonly query: number;
}

/** Puts the answers, in whatever order, into one table. */
export function collectTruth(
  question: { readonly metric: Metric; readonly k: number; readonly queries: number },
  answers: readonly QueryAnswer[],
  declared: Truth['declared'] = 'none',
): Truth {
  const { k, queries } = question;
  const truth = {
    ...question,
    rows: new Int32Array(queries * k).fill(-1),
    distances: new Float64Array(queries * k).fill(Infinity),
    expected: new Int32Array(queries),
    tiesBeyondK: new Int32Array(queries),
    declared,
  };
  for (const { query, rows, distances, tiesBeyondK } of answers) {
    truth.rows.set(rows, query * k);
    truth.distances.set(distances, query * k);
    truth.expected[query] = rows.length;
    truth.tiesBeyondK[query] = tiesBeyondK;
  }
  return truth;
}
