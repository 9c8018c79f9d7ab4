import { indexKind, isOlder, isReranked, mostOf, recallKnob } from '../../indexes/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import { type HybridQuestion, type HybridStrategy, rerankDepth, vectorShortfall } from '../../workloads/index.js';
import { doublings, type Ladders, scanReaches } from '../common/cheapest-settings.js';
import type { HybridSpace } from './space.js';

/** First version of the extension that can scan on. */
const ITERATIVE_SINCE = '0.8.0';

/** Settings of a strategy on an index. */
export interface Asked {
  readonly question: HybridQuestion;
  readonly spec: IndexSpec;
  readonly settings: SearchSettings;
}

/** Of some settings, those that a strategy on such an index has. */
export function settingsOf(strategy: HybridStrategy, { question, spec, settings }: Asked): SearchSettings {
  const names = new Set([...strategy.knobs(question, spec), ...indexKind(spec.method).knobs].map(({ name }) => name));
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name)));
}

/** The settings of the index that the vector leg can give its candidates with, from cheap to expensive. */
export function laddersOf(
  { rows, pgvector }: HybridSpace,
  strategy: HybridStrategy,
  { question, spec, settings }: Asked,
): Ladders {
  const kind = indexKind(spec.method);
  const knob = recallKnob(kind, spec.parameters);
  const nothing = { rungs: [{}], reaches: [{}], start: { rung: 0, reach: 0 } };
  if (!knob) return nothing;
  // A filter behind the index throws rows away: it has to be scanned on.
  const isFiltered = question.filter !== null || strategy.vectorReach(question, settings) === 0;
  const hasIterative = kind.knobs.some(({ name }) => name === 'iterative_scan');
  const isFilter = isFiltered && hasIterative && !isOlder(pgvector, ITERATIVE_SINCE);
  const scan: SearchSettings = isFilter ? { iterative_scan: 'relaxed_order' } : {};
  const canGive = (value: number): boolean =>
    vectorShortfall(strategy, question, spec, { ...settings, [knob.name]: value }) === null;
  // All that the graph gives are re-ranked: that costs a fraction of finding them.
  const rerank = (value: number): SearchSettings =>
    isReranked(spec) && knob.name === 'ef_search' ? { [rerankDepth.name]: value } : {};
  const most = mostOf(knob, spec.parameters);
  let least = Math.max(knob.min, 1);
  while (least < most && !canGive(least)) least++;
  const values = doublings(least, most);
  const start = values.findIndex((value) => value >= knob.default);
  return {
    rungs: values.map((value) => ({ ...scan, [knob.name]: value, ...rerank(value) })),
    reaches: isFilter && kind.knobs.some(({ name }) => name === 'max_scan_tuples') ? scanReaches(rows) : [{}],
    start: { rung: Math.max(0, start), reach: 0 },
  };
}
