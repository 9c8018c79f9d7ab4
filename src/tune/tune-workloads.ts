import { ask, type Search, type TuneAnswer } from '../results/index.js';
import type { IndexSpec, Target } from '../vocabulary.js';
import { vectorIndexLimit } from '../workloads/index.js';
import { buildsOfBest, type FilteredSpace, tuneFiltered } from './filtered/index.js';
import { type HybridSpace, tuneHybrid } from './hybrid/index.js';
import type { Space } from './plain/space.js';
import { tune } from './plain/tune.js';

/** What is to be tuned; each part has its own search. */
export interface Workloads {
  readonly target: Target;
  /** Null: the configuration has no plain workload. */
  readonly plain: Space | null;
  readonly filtered: readonly FilteredSpace[];
  readonly hybrid: readonly HybridSpace[];
}

/**
 * Tunes one workload after the other. Plain queries come first: only an index alone on its table can be put under load. The
 * index that they get is the first that filters are tried on, so that one may serve all.
 */
export function* tuneWorkloads({ target, plain, filtered, hybrid }: Workloads): Search<TuneAnswer> {
  const answer = plain ? yield* tune(plain) : notAsked(target);
  const filteredAnswers = [];
  for (const space of filtered) {
    filteredAnswers.push(yield* tuneFiltered({ ...space, specs: withFirst(answer.recommendation?.spec, space.specs) }));
  }
  const hybridAnswers = [];
  for (const space of hybrid) hybridAnswers.push(yield* tuneHybrid(space));
  // Last of all: rows that are inserted change the table, even if they are rolled back.
  const best = new Set(filteredAnswers.flatMap(({ filters }) => filters.flatMap(buildsOfBest)));
  for (const build of best) yield* ask('writes', { build });
  return {
    ...answer,
    ...(filtered.length > 0 ? { filtered: filteredAnswers } : {}),
    ...(hybrid.length > 0 ? { hybrid: hybridAnswers } : {}),
  };
}

/** The index that plain queries get in the place of the one of its method, before all others. */
const withFirst = (first: IndexSpec | undefined, specs: readonly IndexSpec[]): readonly IndexSpec[] =>
  first === undefined || vectorIndexLimit(first) !== null
    ? specs
    : [first, ...specs.filter(({ method }) => method !== first.method)];

const notAsked = (target: Target): TuneAnswer => ({
  kind: 'tune',
  verdict: 'not asked',
  target,
  recommendation: null,
  runnerUp: null,
  because: [{ code: 'no-plain-workload', data: {} }],
  rejected: [],
  baselines: [],
  front: [],
  nearest: [],
});
