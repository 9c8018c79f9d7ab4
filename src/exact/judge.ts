import { tieLimit, type Truth } from './truth.js';

/** How many rows of an answer are right, and how far away it is. */
export interface Judgement {
  /** Returned rows that are no farther than the k-th exact neighbour (ties count), at most `expected`. */
  readonly hits: number;
  /** Returned rows that the truth names. */
  readonly strictHits: number;
  /** Distinct rows returned. */
  readonly returned: number;
  /**
   * Sum of the distances of the nearest rows returned over that of as many exact neighbours; 1 is perfect. Null where
   * there is no ratio: of inner products, without rows, and where neighbours at a distance of 0 were missed.
   */
  readonly distanceRatio: number | null;
}

/**
 * Judges the rows that a server returned for one query.
 *
 * @param returned row numbers; a row returned twice counts once
 * @param distanceTo the row's distance in float64 from the stored vectors (see {@link distance}); asked only for rows
 *   that the truth does not name. +∞ for a row that must not be returned, one that the filter excludes
 * @param errorOf how far the server's distance to a row may be from it, see `roundingOf`
 */
export function judge(
  truth: Truth,
  query: number,
  returned: readonly number[],
  distanceTo: (row: number) => number,
  errorOf: (row: number) => number,
): Judgement {
  const expected = truth.expected[query]!;
  const start = query * truth.k;
  const exact = truth.distances.subarray(start, start + expected);
  const neighbours = new Map<number, number>();
  for (let i = 0; i < expected; i++) neighbours.set(truth.rows[start + i]!, exact[i]!);
  const last = expected - 1;
  const limit = expected === 0 ? -Infinity : tieLimit(exact[last]!, truth.metric, errorOf(truth.rows[start + last]!));

  const distinct = new Set(returned);
  const found: number[] = [];
  let strictHits = 0;
  let ties = 0;
  for (const row of distinct) {
    const known = neighbours.get(row);
    const far = known ?? distanceTo(row);
    if (known !== undefined) strictHits++;
    else if (far - errorOf(row) <= limit) ties++;
    if (Number.isFinite(far)) found.push(far);
  }
  return {
    hits: Math.min(strictHits + ties, expected),
    strictHits,
    returned: distinct.size,
    distanceRatio: truth.metric === 'ip' ? null : ratioOf(found, exact),
  };
}

function ratioOf(found: readonly number[], exact: Float64Array): number | null {
  const rows = Math.min(found.length, exact.length);
  const sum = (ascending: ArrayLike<number>): number => {
    let total = 0;
    for (let i = 0; i < rows; i++) total += ascending[i]!;
    return total;
  };
  const [came, best] = [sum(found.toSorted((a, b) => a - b)), sum(exact)];
  if (best > 0) return came / best;
  return rows > 0 && came === 0 ? 1 : null;
}
