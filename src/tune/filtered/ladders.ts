import { indexKind, mostOf, recallKnob } from '../../indexes/index.js';
import type { IndexSpec } from '../../vocabulary.js';
import { type FilteredQuestion, type FilteredStrategy, returnForm } from '../../workloads/index.js';
import { doublings, type Ladders, scanReaches } from '../common/cheapest-settings.js';

/** A graph with fewer candidates than this is hardly searched; lists cannot be fewer than one. */
const LEAST_EF_SEARCH = 10;

/** Nearest rows that an answer is made of. */
const rowsLookedAt = ({ returns, k }: FilteredQuestion): number => (returns ? returnForm(returns, k).rows : k);

/** @param rows of the table */
export function laddersOf(
  strategy: FilteredStrategy,
  { question, spec, rows }: { readonly question: FilteredQuestion; readonly spec: IndexSpec; readonly rows: number },
): Ladders {
  const knobs = strategy.knobs(question, spec);
  const recall = recallKnob(indexKind(spec.method), spec.parameters);
  const knob = knobs.find(({ name }) => name === recall?.name);
  if (knob?.kind !== 'number') return { rungs: [{}], reaches: [{}], start: { rung: 0, reach: 0 } };
  const isIterative = knobs.some(({ name }) => name === 'max_scan_tuples');
  // An index that is not scanned on gives at most ef_search rows.
  const least = Math.max(
    knob.min,
    knob.name === 'ef_search' ? Math.max(LEAST_EF_SEARCH, isIterative ? 0 : rowsLookedAt(question)) : 1,
  );
  const most = mostOf(knob, spec.parameters);
  const values = doublings(least, most);
  const start = values.findIndex((value) => value >= knob.default);
  const rungs = values.map((value) => ({ [knob.name]: value }));
  return {
    rungs,
    reaches: isIterative ? scanReaches(rows) : [{}],
    start: { rung: Math.max(0, start), reach: 0 },
  };
}
