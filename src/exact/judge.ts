import { tieLimit, type Truth } from './truth.js';

/** How many rows of an answer are right. */
export interface Judgement {
  /** Returned rows that are no farther than the k-th exact neighbour (ties count), at most `expected`. */
  readonly hits: number;
  /** Returned rows that the truth names. */
  readonly strictHits: number;
  /** Distinct rows returned. */
  readonly returned: number;
}

/**
 * Judges the rows that a server returned for one query.
 *
 * @param returned row numbers; a row returned twice counts once
 * @param distanceTo the row's distance in float64 from the stored vectors (see {@link distance}); asked only for rows
 *   that the truth does not name. +∞ for a row that must not be returned, one that the filter excludes
 */
export function judge(
  truth: Truth,
  query: number,
  returned: readonly number[],
  distanceTo: (row: number) => number,
): Judgement {
  const expected = truth.expected[query]!;
  const start = query * truth.k;
  const neighbours = new Set(truth.rows.subarray(start, start + expected));
  const limit = expected === 0 ? -Infinity : tieLimit(truth.distances[start + expected - 1]!);

  const distinct = new Set(returned);
  let strictHits = 0;
  let ties = 0;
  for (const row of distinct) {
    if (neighbours.has(row)) strictHits++;
    else if (distanceTo(row) <= limit) ties++;
  }
  return { hits: Math.min(strictHits + ties, expected), strictHits, returned: distinct.size };
}
