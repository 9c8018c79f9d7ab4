import { ITEMS, type FilteredStrategy } from './strategy.js';
import { readsThrough } from '../plan-rule.js';
import { selectNearest } from '../select-nearest.js';

/** No index at all: every row is looked at, those that match are sorted. The control of all others. */
export const exactScan: FilteredStrategy = {
  name: 'exact-scan',
  isApproximate: false,
  protection: 'materialized',
  limit: () => null,
  indexes: () => [],
  settings: () => ({}),
  knobs: () => [],
  query: (question, spec, place) => selectNearest(question, { ...place, spec, isMaterialized: place.isProtected }),
  planRule: () => (plan) => readsThrough(plan, [ITEMS], []),
};
