import { canonicalJson } from '../../canonical-json.js';
import { type Config, hybridWorkloads } from '../../config/index.js';
import { hybridStrategies, type Situation } from '../../workloads/index.js';
import type { HybridSpace } from '../hybrid/index.js';
import type { Family } from '../plain/space.js';
import { targetOf } from './target.js';

/** Timed round trips that a strategy is compared by: a median needs fewer than a high quantile. */
const SAMPLES = 200;

/**
 * What is to be found for each hybrid workload of a configuration.
 *
 * @param families the indexes that plain queries would choose from: the first of each representation is tried, for its method
 */
export function hybridSpaces(
  config: Config,
  { rows, pgvector, hybrid }: Situation,
  families: readonly Family[],
): readonly HybridSpace[] {
  const [first] = families;
  const representations = new Set<string>();
  const specs = families.flatMap(({ spec }) => {
    const isNew = spec.method === first?.spec.method && !representations.has(spec.representation);
    representations.add(spec.representation);
    return isNew ? [spec] : [];
  });
  return hybridWorkloads(config.workloads).map(({ fusion, settings }, number): HybridSpace => {
    const cases = hybrid.filter(({ workload }) => workload === number);
    return {
      questions: cases.map(({ question }) => question),
      strategies: fusion === 'all' ? hybridStrategies.map(({ name }) => name) : withControls(fusion),
      given: settings,
      specs,
      target: targetOf(config),
      k: config.k,
      rows,
      judged: cases[0]?.judged ?? null,
      hasRerankScores: cases[0]?.hasRerankScores ?? false,
      remarks: distinct(cases.flatMap(({ remarks }) => remarks)),
      samples: SAMPLES,
      seed: config.seed,
      pgvector,
    };
  });
}

/** One leg alone is always measured beside: what a fusion has to beat. */
const withControls = (names: readonly string[]): readonly string[] => [
  ...new Set(['vector-only', 'text-only', ...names]),
];

/** What is true of several ways to search the text is said once. */
const distinct = (remarks: HybridSpace['remarks']): HybridSpace['remarks'] => [
  ...new Map(remarks.map((remark) => [canonicalJson(remark), remark])).values(),
];
