import { columnIndexes } from '../indexable.js';
import { withKeyIndex } from '../key-index.js';
import { readsThrough } from '../plan-rule.js';
import { selectNearest } from '../select-nearest.js';
import { ITEMS, type FilteredQuestion, type FilteredStrategy } from './strategy.js';

/** The filters differ in their constants only: what one can be found by, all can. */
const columnIndexesOf = ({ matching, ...question }: FilteredQuestion) => columnIndexes(matching.filters[0]!, question);

/**
 * A btree (GIN for containment), or the primary key's, finds the rows that match; all of them are sorted. Exact, and best where they are few:
 * for a frequent value the planner rather reads the whole table, which is exact as well.
 */
export const preFilter: FilteredStrategy = {
  name: 'pre-filter',
  isApproximate: false,
  protection: 'materialized',
  limit: (question) => (columnIndexesOf(question) === null ? { code: 'no-index-for-filter', data: {} } : null),
  indexes: (question) => columnIndexesOf(question)!.map((spec) => ({ kind: 'column', spec })),
  settings: () => ({}),
  knobs: () => [],
  query: (question, spec, place) => selectNearest(question, { ...place, spec, isMaterialized: place.isProtected }),
  planRule: (_question, _spec, names) => (plan) => readsThrough(plan, [ITEMS], withKeyIndex(names)),
};
