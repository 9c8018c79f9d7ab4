import { type Config, hybridWorkloads } from '../config/index.js';
import type { Shape, Situation } from '../experiment/index.js';
import type { Family, HybridSpace } from '../tune/index.js';
import { hybridStrategies } from '../workloads/index.js';

/**
 * What is to be found for each hybrid workload of a configuration; before the server is known there are no questions.
 *
 * @param families the indexes that plain queries would choose from: the first of each storage is tried, for its method
 */
export function hybridSpaces(
  config: Config,
  shape: Shape & Partial<Situation>,
  families: readonly Family[],
): readonly HybridSpace[] {
  const [first] = families;
  const storages = new Set<string>();
  const specs = families.flatMap(({ spec }) => {
    const isNew = spec.method === first?.spec.method && !storages.has(spec.storage);
    storages.add(spec.storage);
    return isNew ? [spec] : [];
  });
  return hybridWorkloads(config.workloads).map(({ fusion, settings }, number): HybridSpace => {
    const runs = (shape.hybrids ?? []).filter(({ workload }) => workload === number);
    const judgements = runs[0]?.judgements ?? null;
    return {
      questions: runs.map(({ question }) => question),
      strategies: fusion === 'all' ? hybridStrategies.map(({ name }) => name) : withControls(fusion),
      given: settings,
      specs,
      target: { recall: config.target.recall },
      k: config.k,
      rows: shape.rows,
      judged: judgements && judgements.filter((grades) => [...grades.values()].some((grade) => grade > 0)).length,
      remarks: runs[0]?.remarks ?? [],
      samples: SAMPLES,
      seed: config.seed,
      pgvector: shape.pgvector ?? '',
    };
  });
}

/** One leg alone is always measured beside: what a fusion has to beat. */
const withControls = (names: readonly string[]): readonly string[] => [
  ...new Set(['vector-only', 'text-only', ...names]),
];

/** Timed round trips that a strategy is compared by: a median needs fewer than a high quantile. */
const SAMPLES = 200;
