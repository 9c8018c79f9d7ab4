import { filterCorrelation } from '../../filter.js';
import { hasRow, type MatchingRows } from './matching-rows.js';

/** The nearest base rows of each query without any filter: queries × k row numbers, nearest first, −1 for none. */
export interface Neighbours {
  readonly k: number;
  readonly rows: Int32Array;
}

/** How selective the filters of some queries are, and how the rows that they leave lie to the queries. */
export interface FilterMeasure {
  /** Mean share of the rows that match, and the extremes over the queries. */
  readonly selectivity: number;
  readonly min: number;
  readonly max: number;
  /** Mean share of a query's nearest rows that match: of its k nearest, or of fewer when so few rows match. */
  readonly nearShare: number;
  /** {@link filterCorrelation} of the two means; NaN when every filter leaves all rows. */
  readonly correlation: number;
  /**
   * Median and middle half of the queries: a mean of 0 may be one half at 1 and the other at −1, or few at 1 and the rest at
   * −1. A query whose filter leaves too few rows to be judged alone has the correlation of those of like size.
   */
  readonly median: number;
  readonly middleHalf: readonly [low: number, high: number];
  /** Queries whose filter leaves some rows; only these count. */
  readonly queries: number;
}

/**
 * Measures what the filters of queries really are, whatever was asked for.
 *
 * A filter that leaves fewer than k rows is looked at among as many nearest rows as it leaves: else its share could not
 * be 1 even if it left exactly the nearest. Where it leaves k or more, the figures are those of `measureAttributes`.
 */
export function measureFilters({ bitmaps, matches, ofQuery, rows }: MatchingRows, near: Neighbours): FilterMeasure {
  let queries = 0;
  let selectivity = 0;
  let nearShare = 0;
  let min = Infinity;
  let max = 0;
  const shares: Shares[] = [];
  for (const [query, filter] of ofQuery.entries()) {
    const count = matches[filter]!;
    if (count === 0) continue;
    const nearest = nearestRows(near, query, count);
    if (nearest.length === 0) continue;
    const share = count / rows;
    queries++;
    selectivity += share;
    min = Math.min(min, share);
    max = Math.max(max, share);
    const matching = nearest.reduce((sum, row) => sum + (hasRow(bitmaps[filter]!, row) ? 1 : 0), 0) / nearest.length;
    nearShare += matching;
    if (share < 1) shares.push({ share, nearShare: matching, near: nearest.length });
  }
  if (queries === 0) return { ...NO_ROWS, queries: ofQuery.length };
  selectivity /= queries;
  nearShare /= queries;
  const correlations = correlationsOf(shares);
  const quartile = Math.floor(correlations.length / 4);
  return {
    selectivity,
    min,
    max,
    nearShare,
    correlation: selectivity < 1 ? filterCorrelation(selectivity, nearShare) : NaN,
    median: correlations[correlations.length >> 1] ?? NaN,
    middleHalf: [correlations[quartile] ?? NaN, correlations.at(-1 - quartile) ?? NaN],
    queries,
  };
}

/** Of filters that leave no row: nothing lies anywhere. */
const NO_ROWS: Omit<FilterMeasure, 'queries'> = {
  selectivity: 0,
  min: 0,
  max: 0,
  nearShare: 0,
  correlation: NaN,
  median: NaN,
  middleHalf: [NaN, NaN],
};

/** Of one query: shares of all rows and of its nearest ones that match, and how many nearest rows were looked at. */
interface Shares {
  readonly share: number;
  readonly nearShare: number;
  readonly near: number;
}

/**
 * Matching rows that are to be expected among the nearest ones before a share of them means anything: of 0.1 that are
 * expected, nine queries in ten see none and would be called −1, wherever the rows lie.
 */
const LEAST_EXPECTED = 5;

/** Ascending, one a query: of its own shares, or of the means of queries whose filters leave about as many rows. */
function correlationsOf(queries: readonly Shares[]): readonly number[] {
  const correlations: number[] = [];
  let pool: Shares[] = [];
  const expected = (): number => pool.reduce((sum, { share, near }) => sum + share * near, 0);
  const mean = (of: 'share' | 'nearShare'): number => pool.reduce((sum, one) => sum + one[of], 0) / pool.length;
  const close = (): void => {
    const own = filterCorrelation(mean('share'), mean('nearShare'));
    correlations.push(...pool.map(() => own));
    pool = [];
  };
  for (const one of queries.toSorted((a, b) => b.share - a.share)) {
    pool.push(one);
    if (expected() >= LEAST_EXPECTED) close();
  }
  if (pool.length > 0) close();
  return correlations.sort((a, b) => a - b);
}

/** The nearest rows of a query, at most `most` of them. */
export function nearestRows({ k, rows }: Neighbours, query: number, most: number): Int32Array {
  const nearest = rows.subarray(query * k, query * k + Math.min(k, most));
  const end = nearest.indexOf(-1);
  return end === -1 ? nearest : nearest.subarray(0, end);
}
