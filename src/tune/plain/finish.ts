import { indexKind } from '../../indexes/index.js';
import { ask, type Choice, release, type Search, type SustainedRate, type TuneAnswer } from '../../results/index.js';
import { rerankDepth } from '../../workloads/index.js';
import { applyLoads } from '../common/loads.js';
import type { RepeatedBuilds } from './build-variance.js';
import { measureCold } from './cold.js';
import type { Confirmed } from './confirm.js';
import { isInTime } from './in-time.js';
import type { Space } from './space.js';

/** With cold caches and with writes, each index takes some seconds. */
const COLD_SECONDS = 10;
const WRITES_SECONDS = 10;

/**
 * What is measured of an answer once it is known: the plans around it, cold caches, the cost of writes and its load.
 *
 * @param measureWrites false where other workloads are tuned on the table afterwards
 */
export function* finish(
  space: Space,
  answer: TuneAnswer,
  {
    evidence,
    repeated,
    measureWrites,
  }: {
    readonly evidence: Confirmed;
    readonly repeated: readonly RepeatedBuilds[];
    readonly measureWrites: boolean;
  },
): Search<Pick<TuneAnswer, 'cold' | 'sustainedRates'>> {
  if (answer.recommendation && answer.recommendation.build !== evidence.exact.build.key) {
    const { build, settings } = answer.recommendation;
    // Of an index whose rows are sorted anew more of them are asked than of the query.
    const k = Number(settings[rerankDepth.name] ?? space.workload.k);
    // Looked up in the journal by the report.
    yield* ask('planner-map', { build, k, settings });
  }
  const cold = isInTime(space, 'cold-caches', COLD_SECONDS) ? yield* measureCold(space, answer, evidence) : {};
  // Load is put on the recommendation alone: the others come before they are released, and it comes after its load.
  const compared =
    measureWrites && isInTime(space, 'writes', WRITES_SECONDS) ? comparedBuilds(answer) : new Set<string>();
  for (const build of compared) if (build !== answer.recommendation?.build) yield* ask('writes', { build });
  const { concurrency = [], seconds = 0 } = space.loads ?? {};
  const isLoaded = isInTime(space, 'load', Math.max(1, concurrency.length) * seconds);
  const sustainedRates = !isLoaded ? [] : yield* loadRecommendation(space, answer, { evidence, repeated });
  for (const build of compared) if (build === answer.recommendation?.build) yield* ask('writes', { build });
  return { ...cold, sustainedRates };
}

/** Puts load on the recommendation, alone on its table. */
function* loadRecommendation(
  { loads }: Space,
  answer: TuneAnswer,
  { evidence, repeated }: { readonly evidence: Confirmed; readonly repeated: readonly RepeatedBuilds[] },
): Search<SustainedRate[]> {
  const points = [...evidence.confirmed, ...repeated.map(({ candidate }) => candidate.point)];
  const point = points.find(({ key }) => key === answer.recommendation?.point);
  if (!loads || !point) return [];
  for (const { key, index, request } of evidence.builds.values()) {
    if (index && request.rows === undefined && key !== point.request.build) yield* release(key);
  }
  const rate = yield* applyLoads(point.request, loads);
  return rate ? [rate] : [];
}

/** The indexes that plain queries may have instead of one another; none where no index is recommended. */
function comparedBuilds({ recommendation, runnerUp, baselines }: TuneAnswer): ReadonlySet<string> {
  const hasIndex = (choice: Choice | null): choice is Choice =>
    choice !== null && indexKind(choice.spec.method).accessMethod !== null;
  if (!hasIndex(recommendation)) return new Set();
  const choices = [recommendation, runnerUp, ...baselines.map(({ choice }) => choice)];
  return new Set(choices.filter(hasIndex).map(({ build }) => build));
}
