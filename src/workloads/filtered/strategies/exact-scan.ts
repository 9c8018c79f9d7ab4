import { ITEMS, type FilteredStrategy } from './strategy.js';
import { columnIndexes } from '../indexable.js';
import { withKeyIndex } from '../key-index.js';
import { readsThrough } from '../plan-rule.js';
import { selectNearest } from '../select-nearest.js';

/** No index but the primary key's, which every table has: every row is looked at, those that match are sorted. The control of all others. */
export const exactScan: FilteredStrategy = {
  name: 'exact-scan',
  isApproximate: false,
  protection: 'materialized',
  limit({ matching, ...question }) {
    const [filter] = matching.filters;
    const isByKey = filter !== undefined && columnIndexes(filter, question)?.length === 0;
    return isByKey ? { code: 'found-by-primary-key', data: {} } : null;
  },
  indexes: () => [],
  settings: () => ({}),
  knobs: () => [],
  query: (question, spec, place) => selectNearest(question, { ...place, spec, isMaterialized: place.isProtected }),
  planRule: () => (plan) => readsThrough(plan, [ITEMS], withKeyIndex([])),
};
