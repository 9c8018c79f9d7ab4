import { queriesToShow } from '../../analysis/index.js';
import type { QueryRange } from './observe.js';

/** The run's queries, in two parts: what was found with one is shown with the other. */
export interface Split {
  readonly search: QueryRange;
  readonly validation: QueryRange;
}

const LEAST_SEARCH = 50;
const SEARCH_SHARE = 1 / 3;

/** Queries that a search for this recall needs, at least. */
export const leastQueries = (recall: number): number => queriesToShow(recall) + LEAST_SEARCH;

/** A third to search with, or less where showing the recall takes more than the rest. */
export function splitQueries(queries: number, recall: number): Split {
  const spare = queries - queriesToShow(recall);
  const count = Math.max(LEAST_SEARCH, Math.min(Math.round(queries * SEARCH_SHARE), spare));
  return { search: { from: 0, count }, validation: { from: count, count: queries - count } };
}

/**
 * The mean recall that has to be come to, so that `queries` of them probably show `recall`: the interval ends so far
 * below the mean.
 *
 * @param spread standard deviation of the recall of a query over that of a coin with the same mean, in (0, 1]
 */
export function searchRecallFor(recall: number, queries: number, spread = 0.5): number {
  const shows = (mean: number): boolean => halfWidth(mean, queries, spread) <= mean - recall;
  let low = recall;
  let high = 1;
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function halfWidth(mean: number, queries: number, spread: number): number {
  const variance = mean * (1 - mean) * spread ** 2;
  return Math.hypot(1.96 * 1.12 * Math.sqrt(variance / queries), 3.7 / queries);
}
