import { indexKind } from '../../../indexes/index.js';
import { scansThrough } from '../plan-rule.js';
import { tunable } from '../search-settings.js';
import { selectNearest } from '../select-nearest.js';
import { ITEMS, type FilteredStrategy } from './strategy.js';
import { vectorIndexLimit } from './vector-index.js';

/**
 * The vector index gives its nearest rows, the filter throws most of them away: what happens when nothing is done about
 * filters. Of `ef_search` rows a share of about the filter's selectivity is left, often fewer than k.
 */
export const postFilter: FilteredStrategy = {
  name: 'post-filter',
  isApproximate: true,
  protection: 'enable_sort',
  limit: (_question, spec) => vectorIndexLimit(spec),
  indexes: (_question, spec) => [{ kind: 'vector', spec, placement: null }],
  settings: () => ({ iterative_scan: 'off' }),
  knobs: (_question, { method }) =>
    tunable(indexKind(method).knobs, 'iterative_scan', 'max_scan_tuples', 'scan_mem_multiplier', 'max_probes'),
  query: (question, spec, place) => selectNearest(question, { ...place, spec }),
  planRule: (_question, _spec, names) => (plan) => scansThrough(plan, [ITEMS], names),
};
