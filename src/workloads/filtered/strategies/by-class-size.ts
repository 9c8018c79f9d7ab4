import { withKeyIndex } from '../key-index.js';
import { readsThrough } from '../plan-rule.js';
import { preFilter } from './pre-filter.js';
import { partialIndex, partialLimit, partialPlacement } from './partial-index.js';
import { type FilteredQuestion, type FilteredStrategy, ITEMS } from './strategy.js';

const largeFilters = ({ matching, exactBelowRows }: FilteredQuestion): readonly number[] =>
  [...matching.filters.keys()].filter((filter) => matching.matches[filter]! >= exactBelowRows);

/**
 * A partial vector index for each large class, and an index on the filter for all the small ones, whose rows are sorted
 * exactly: the usual answer to tenants of very different sizes. Which of the two serves a query is left to the planner.
 */
export const byClassSize: FilteredStrategy = {
  ...partialIndex,
  name: 'by-class-size',
  // Small classes are sorted, and have to be.
  protection: null,
  limit(question, spec) {
    const large = largeFilters(question);
    const rows = question.exactBelowRows;
    if (large.length === 0) return { code: 'all-classes-small', data: { rows } };
    if (large.length === question.matching.filters.length) return { code: 'all-classes-large', data: { rows } };
    return preFilter.limit(question, spec) ?? partialLimit(question, spec, large);
  },
  indexes: (question, spec) => [
    { kind: 'vector', spec, placement: partialPlacement(question, largeFilters(question)) },
    ...preFilter.indexes(question, spec),
  ],
  planRule: (_question, _spec, names) => (plan) => readsThrough(plan, [ITEMS], withKeyIndex(names)),
};
