import { lookupIndexes } from '../indexable.js';
import { looksUp } from '../plan-rule.js';
import { selectNearest } from '../select-nearest.js';
import { ITEMS, type FilteredQuestion, type FilteredStrategy } from './strategy.js';

/** The filters differ in their constants only: what one can be found by, all can. */
const lookupsOf = ({ matching, ...question }: FilteredQuestion) => lookupIndexes(matching.filters[0]!, question);

/**
 * A btree (GIN for containment) finds the rows that match; all of them are sorted. Exact, and best where they are few:
 * for a frequent value the planner rather reads the whole table, which is exact as well.
 */
export const lookup: FilteredStrategy = {
  name: 'lookup',
  title: 'index on the filter, exact sort',
  isApproximate: false,
  limit: (question) => (lookupsOf(question) === null ? 'No index can find the rows that this filter leaves.' : null),
  indexes: (question) => lookupsOf(question)!.map((spec) => ({ kind: 'lookup', spec })),
  settings: () => ({}),
  knobs: () => [],
  query: (question, spec, place) => selectNearest(question, { ...place, spec }),
  planRule: (_question, _spec, names) => (plan) => looksUp(plan, [ITEMS], names),
};
