import { indexKind } from '../../../indexes/index.js';
import { scansThrough } from '../plan-rule.js';
import { tunable } from '../search-settings.js';
import { selectNearest } from '../select-nearest.js';
import { ITEMS, type FilteredStrategy } from './strategy.js';
import { iterativeLimit, vectorIndexLimit } from './vector-index.js';

/** A scan that goes on until the filter has left k rows, or one of its bounds is reached. */
const iterative = (
  mode: 'relaxed_order' | 'strict_order',
  strategy: Pick<FilteredStrategy, 'name'> & { readonly resort: boolean },
): FilteredStrategy => ({
  name: strategy.name,
  isApproximate: true,
  protection: 'enable_sort',
  limit: ({ pgvector }, spec) => vectorIndexLimit(spec) ?? iterativeLimit(spec, mode, pgvector),
  indexes: (_question, spec) => [{ kind: 'vector', spec, placement: null }],
  settings: () => ({ iterative_scan: mode }),
  knobs: (_question, { method }) => tunable(indexKind(method).knobs, 'iterative_scan'),
  query: (question, spec, place) => selectNearest(question, { ...place, spec, resort: strategy.resort }),
  planRule: (_question, _spec, names) => (plan) => scansThrough(plan, [ITEMS], names),
});

/** Rows come roughly in order, so that the k that come are sorted once more. */
export const iterativeRelaxed = iterative('relaxed_order', {
  name: 'iterative-relaxed',
  resort: true,
});

/** Rows come in order, because a row that is nearer than one already returned is dropped: k rows, but not the nearest. */
export const iterativeStrict = iterative('strict_order', {
  name: 'iterative-strict',
  resort: false,
});
