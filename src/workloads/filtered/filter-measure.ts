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
  readonly least: number;
  readonly greatest: number;
  /** Mean share of a query's nearest rows that match: of its k nearest, or of fewer when so few rows match. */
  readonly nearShare: number;
  /** {@link filterCorrelation} of the two means; NaN when every filter leaves all rows. */
  readonly correlation: number;
  /** The middle half of the queries, each by itself: a mean of 0 may be one half at 1 and the other at −1. */
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
  let least = Infinity;
  let greatest = 0;
  const correlations: number[] = [];
  for (const [query, filter] of ofQuery.entries()) {
    const count = matches[filter]!;
    if (count === 0) continue;
    const nearest = nearestRows(near, query, count);
    if (nearest.length === 0) continue;
    const share = count / rows;
    queries++;
    selectivity += share;
    least = Math.min(least, share);
    greatest = Math.max(greatest, share);
    const matching = nearest.reduce((sum, row) => sum + (hasRow(bitmaps[filter]!, row) ? 1 : 0), 0) / nearest.length;
    nearShare += matching;
    if (share < 1) correlations.push(filterCorrelation(share, matching));
  }
  selectivity /= queries;
  nearShare /= queries;
  correlations.sort((a, b) => a - b);
  const quartile = Math.floor(correlations.length / 4);
  return {
    selectivity,
    least,
    greatest,
    nearShare,
    correlation: selectivity < 1 ? filterCorrelation(selectivity, nearShare) : NaN,
    middleHalf: [correlations[quartile] ?? NaN, correlations.at(-1 - quartile) ?? NaN],
    queries,
  };
}

/** The nearest rows of a query, at most `most` of them. */
export function nearestRows({ k, rows }: Neighbours, query: number, most: number): Int32Array {
  const nearest = rows.subarray(query * k, query * k + Math.min(k, most));
  const end = nearest.indexOf(-1);
  return end === -1 ? nearest : nearest.subarray(0, end);
}
