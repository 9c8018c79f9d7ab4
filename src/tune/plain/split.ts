import { confidenceOfEach, normalQuantile, queriesToShow } from '../../analysis/index.js';
import type { RecallTarget } from '../common/constraints.js';
import type { QueryRange } from './observe.js';

/**
 * The run's queries. The search looks for promising settings with the first of them; all of them show the recall.
 *
 * No queries need to be kept apart from the search. Recall never falls when the knob of an index rises, so the settings of
 * an index are tested in an order that is fixed beforehand, from the highest value down, each at the full level, until one
 * is not shown (fixed-sequence testing: Angelopoulos, Bates, Candès, Jordan & Lei, Learn then Test, arXiv 2110.01052). What
 * was found before says where to look; it does not change the order. Among several indexes the level is divided
 * (Bonferroni). Holm's procedure would pass on the level of an index that is shown at its lowest setting only.
 */
export interface Split {
  readonly search: QueryRange;
  readonly validation: QueryRange;
}

const LEAST_SEARCH = 50;
/** With more, the search would learn nothing that matters. */
const MOST_SEARCH = 1000;
const SEARCH_SHARE = 1 / 3;
/** Width of a bound by betting over that of normal theory. */
const COST_OF_BETTING = 1.12;

/** Indexes that are tested, at most, where none is too large. */
const MOST_TESTED = 4;

/** Queries that a search for this recall needs, at least. */
export const leastQueries = (target: RecallTarget): number =>
  Math.max(LEAST_SEARCH, queriesToShow(target.recall, confidenceOfEach(target.confidence, MOST_TESTED)));

/** A third of the queries to search with; all of them to show the recall. */
export function splitQueries(queries: number): Split {
  const count = Math.max(LEAST_SEARCH, Math.min(Math.round(queries * SEARCH_SHARE), MOST_SEARCH));
  return { search: { from: 0, count: Math.min(count, queries) }, validation: { from: 0, count: queries } };
}

/** Indexes that are tested, as a rule. */
const USUALLY_TESTED = 3;

/**
 * The mean recall that has to be reached, so that `queries` of them probably show the target: the bound lies so far
 * below the mean.
 *
 * @param spread standard deviation of the recall of a query over that of a coin with the same mean, in (0, 1]
 */
export function searchRecallFor(target: RecallTarget, queries: number, spread = 0.5): number {
  const { recall } = target;
  const confidence = confidenceOfEach(target.confidence, USUALLY_TESTED);
  const z = normalQuantile(confidence);
  const unseen = -Math.log1p(-confidence) / queries;
  const halfWidth = (mean: number): number =>
    Math.hypot(COST_OF_BETTING * z * spread * Math.sqrt((mean * (1 - mean)) / queries), unseen);
  const shows = (mean: number): boolean => halfWidth(mean) <= mean - recall;
  let low = recall;
  let high = 1;
  while (high - low > 1e-4) {
    const middle = (low + high) / 2;
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high;
}
