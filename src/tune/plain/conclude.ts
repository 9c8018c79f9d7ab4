import { canonicalJson } from '../../canonical-json.js';
import { latencyQuantile, epsilonFront } from '../../analysis/index.js';
import { indexKind } from '../../indexes/index.js';
import type { Baseline, Choice, Ground, Measured, PointRecord, TuneAnswer, Unmet } from '../../results/index.js';
import { advise } from './advice.js';
import { toChoice } from './to-choice.js';
import { confidencePriceOf } from './confidence-price.js';
import { buildsGround, toBuildVariance } from './build-variance.js';
import { type Candidate, indexBytes, pagesOf, unmetBounds } from '../common/constraints.js';
import { type BaselineRequest, type Evidence, exactPoint, refutedBy, toCandidates } from './evidence.js';
import { pointsOf } from './explore.js';
import type { Goal } from './goal.js';
import { groundsOf, tieBreakOf } from './recommend.js';
import type { Space } from './space.js';
import { whyNot, whyNotScreened } from './why-not.js';

/**
 * The answer, from everything that was seen.
 *
 * @param space with the confidence that each index is tested with
 */
export function conclude(space: Space, evidence: Evidence): TuneAnswer {
  const { target } = space;
  const { candidates, ranked, repeated } = evidence;
  const goal: Goal = target.minimise;
  const proved = repeated.find(({ reached }) => reached) ?? repeated[0];
  const best = proved ? (proved.reached ? proved.candidate : undefined) : ranked[0];
  const second = best && ranked.find((one) => one.build.key !== best.build.key && refutedBy(one, evidence) === null);
  const alone = ranked.find(({ build }) => build.key === proved?.candidate.build.key);
  const searched = toCandidates(
    // Times of another run are not to be compared with those of this one.
    [...evidence.explored.flatMap((one) => pointsOf(one)), ...evidence.exact.points].filter(
      ({ fromRun }) => fromRun === undefined,
    ),
    evidence.builds,
  );
  const everything = [...candidates, ...searched];
  const because = (): Ground[] => {
    if (evidence.exact.sufficient) return [exactGround(space, evidence)];
    if (everything.length === 0) return [nothingGround(evidence)];
    const builds = proved ? buildsGround(proved, target) : [];
    return [...groundsOf(best, second, { target, goal, tie: tieBreakOf(space) }), ...builds];
  };
  return {
    kind: 'tune',
    verdict: best ? 'recommended' : 'not reached',
    target: evidence.asked,
    tested: evidence.tested,
    recommendation: best ? toChoice(best) : null,
    runnerUp: second ? toChoice(second) : null,
    because: because(),
    confidencePrice: confidencePriceOf(space, evidence, best),
    rejected: rejections(space, evidence, [best, second]),
    baselines: evidence.baselines
      .flatMap((baseline) => toBaseline(baseline, evidence.confirmed))
      .concat(best?.build.key === evidence.exact.build.key ? [] : exactBaseline(evidence)),
    front: frontOf(everything).map(({ point }) => point.key),
    nearest: best ? [] : nearest(allowedOf(everything, evidence), { target, evidence }),
    advice: advise(space, evidence, best),
    buildVariance: proved && alone ? toBuildVariance(proved, alone.point.request.settings) : null,
  };
}

function exactGround({ target, workload }: Space, { exact }: Evidence): Ground {
  const measured = exact.points.at(-1)?.measured;
  const buffers = target.p95Ms === undefined && measured ? pagesOf(measured) : null;
  return { code: 'exact-scan-suffices', data: { buffers, k: workload.k } };
}

function nothingGround({ exact }: Evidence): Ground {
  const lost = exact.points.find(({ status }) => status !== 'ok');
  const exactScan = lost && lost.status !== 'ok' ? lost.status : null;
  return { code: 'nothing-measured', data: { exactScan, reason: lost?.reason ?? null } };
}

/**
 * What could be chosen instead. A setting has one row, with the best evidence there is of it; what was not measured side
 * by side never pushes out what was, for among many looks at few queries there is always a lucky one.
 */
export function frontOf(candidates: readonly Candidate[]): readonly Candidate[] {
  const bySetting = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const { build, settings } = candidate.point.request;
    const setting = canonicalJson({ build, settings });
    const known = bySetting.get(setting);
    if (!known || evidenceOf(candidate) > evidenceOf(known)) bySetting.set(setting, candidate);
  }
  const rows = [...bySetting.values()];
  const confirmed = epsilonFront(rows.filter(isConfirmed), objectives, TOLERANCE);
  const others = rows.filter((row) => !isConfirmed(row));
  return [
    ...confirmed,
    ...epsilonFront([...confirmed, ...others], objectives, TOLERANCE).filter((row) => !isConfirmed(row)),
  ];
}

const isConfirmed = ({ point }: Candidate): boolean => point.request.purpose === 'confirm';

/** Measured side by side before all else, then by the queries. */
const evidenceOf = (candidate: Candidate): number =>
  (isConfirmed(candidate) ? 1e9 : 0) + candidate.point.request.queries;

/** Without what is only compared with, as long as there is anything else. */
function allowedOf(candidates: readonly Candidate[], { explored }: Evidence): readonly Candidate[] {
  const controls = new Set(explored.flatMap(({ family, build }) => (family.isControlOnly ? build.key : [])));
  const allowed = candidates.filter(({ build }) => !controls.has(build.key));
  return allowed.some(({ build }) => build.index !== null) ? allowed : candidates;
}

const objectives = ({ build, measured }: Candidate) => ({
  max: [measured.recall.mean.value],
  min: [Math.log(p95Ms(measured)), Math.log(1 + indexBytes(build)), Math.log(1 + build.seconds)],
});
/** Infinite where too few samples were taken to have one. */
const p95Ms = (measured: Measured): number => latencyQuantile(measured, 0.95)?.estimate?.value ?? Infinity;
/** A tenth of a point of recall, 3 % of time, 3 % of size, a quarter of the build. */
const TOLERANCE = { max: [0.001], min: [0.03, 0.03, 0.25] };

function rejections(
  space: Space,
  evidence: Evidence,
  [best, second]: readonly (Candidate | undefined)[],
): TuneAnswer['rejected'] {
  const { explored, settled, candidates, screening, pruned } = evidence;
  const taken = new Set([best?.build.key, second?.build.key]);
  const built = explored.flatMap((one) => {
    const { build, family } = one;
    if (taken.has(build.key)) return [];
    const own = settled.find((other) => other.explored === one);
    const confirmed = candidates.find(
      ({ point }) => own?.point && point.request.build === build.key && sameSettings(point, own.point),
    );
    const point = confirmed?.point ?? own?.point ?? own?.tried.at(-1) ?? pointsOf(one).at(-1);
    const choice = choiceOf(family.spec, build.key, point);
    return [
      {
        choice,
        why: whyNot({
          one,
          settled: own,
          confirmed,
          refuted: confirmed ? refutedBy(confirmed, evidence) : null,
          best,
          target: space.target,
        }),
      },
    ];
  });
  const full = new Set([...explored, ...pruned].map(({ family }) => family));
  const screened = screening.screened.flatMap(({ family, explored: there, ratio }) => {
    if (full.has(family)) return [];
    const choice = choiceOf(family.spec, there.build.key, pointsOf(there).at(-1));
    return [{ choice, why: whyNotScreened(there, { ratio, rows: screening.rows ?? 0, recall: screening.recall }) }];
  });
  const unbuilt = pruned.map(({ family, why }) => ({ choice: choiceOf(family.spec, '', undefined), why }));
  return [...built, ...screened, ...unbuilt];
}

const sameSettings = (a: PointRecord, b: PointRecord): boolean =>
  JSON.stringify(a.request.settings) === JSON.stringify(b.request.settings);

const choiceOf = (spec: Choice['spec'], build: string, point: PointRecord | undefined): Choice => ({
  spec,
  settings: point?.request.settings ?? {},
  build,
  point: point?.key ?? '',
});

function toBaseline(
  { rule, choice, request }: BaselineRequest,
  confirmed: readonly PointRecord[],
): readonly Baseline[] {
  const asked = canonicalJson(request);
  const point = confirmed.find((record) => canonicalJson(record.request) === asked);
  return point ? [{ rule, choice: { ...choice, point: point.key } }] : [];
}

function exactBaseline(evidence: Evidence): readonly Baseline[] {
  const { exact } = evidence;
  const point = exactPoint(evidence);
  if (!point) return [];
  const { spec } = exact.build.request;
  const choice = choiceOf(spec, exact.build.key, point);
  return indexKind(spec.method)
    .startingPoints(1)
    .map(({ rule }) => ({ rule, choice }));
}

/** What meets more of the target is nearer; of what meets as much, the higher recall. */
function isNearer(one: Candidate, other: Candidate, target: TuneAnswer['target']): boolean {
  const more = unmetBounds(other, target).length - unmetBounds(one, target).length;
  return more > 0 || (more === 0 && one.measured.recall.mean.value > other.measured.recall.mean.value);
}

/** How close the best point of each index came, closest first. The exact scan is among the baselines. */
function nearest(
  candidates: readonly Candidate[],
  { target, evidence }: { readonly target: TuneAnswer['target']; readonly evidence: Evidence },
): TuneAnswer['nearest'] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates.filter(({ build }) => build.index !== null)) {
    const other = best.get(candidate.build.key);
    if (!other || isNearer(candidate, other, target)) best.set(candidate.build.key, candidate);
  }
  const ofBuilds = (candidate: Candidate): Unmet => refutedBy(candidate, evidence) ?? { code: 'any_build', data: {} };
  return [...best.values()]
    .sort((a, b) => b.measured.recall.mean.value - a.measured.recall.mean.value)
    .map((candidate) => {
      const unmet = [...unmetBounds(candidate, target)];
      return { choice: toChoice(candidate), unmet: unmet.length > 0 ? unmet : [ofBuilds(candidate)] };
    });
}
