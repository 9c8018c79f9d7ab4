import { paretoFront } from '../analysis/index.js';
import { indexKind } from '../indexes/index.js';
import {
  askBuild,
  askPlannerMap,
  askPoints,
  type Baseline,
  type BuildRecord,
  type Capacity,
  type Choice,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
  type TuneAnswer,
} from '../results/index.js';
import type { IndexSpec, SearchSettings } from '../vocabulary.js';
import { describeBuilds, type RepeatedBuilds, repeatBuilds, toBuildVariance } from './build-variance.js';
import { type Candidate, indexBytes, medianMs, misses, reachesRecall } from './constraints.js';
import { findSettings } from './find-settings.js';
import { applyLoads } from './loads.js';
import { because, pickBest, whyNot } from './recommend.js';
import { candidatesOf, type Family, type Space } from './space.js';

/** Queries that the exact scan is timed with: enough for a median, and it may take a second a query. */
const EXACT_QUERIES = 20;
/** Candidates that are measured side by side at the end. */
const FINALISTS = 4;
/** An index that takes this many times the quickest's median without reaching the recall is not looked at further. */
const HOPELESS_RATIO = 2;

const EXACT: IndexSpec = { method: 'none', storage: 'vector', parameters: {} };

/** What became of a family: its build, and the cheapest point that reaches the recall. */
interface Explored {
  readonly family: Family;
  readonly build: BuildRecord;
  readonly cheapest: PointRecord | null;
  /** The point at which its search was given up, because another index is cheaper. */
  readonly givenUp: PointRecord | null;
  readonly tried: readonly PointRecord[];
}

/**
 * Finds the cheapest index and settings that reach the target.
 *
 * Builds every family once and finds the least setting of each that reaches the recall; then measures the best of them,
 * pgvector's defaults and the rules of thumb side by side, and recommends from those points alone.
 */
export function* tune(space: Space): Search<TuneAnswer> {
  const explored: Explored[] = [];
  for (const family of space.families) explored.push(yield* explore(space, family, explored));
  const exact = yield* exactScan(space);

  const finalists = chooseFinalists(explored, exact);
  const baselines = startingPoints(space, explored);
  const kept = new Set([...finalists.map(({ build }) => build.key), ...baselines.map(({ choice }) => choice.build)]);
  for (const { build } of explored) if (!kept.has(build.key) && build.status === 'ok') yield* release(build.key);

  const builds = new Map([...explored.map(({ build }) => build), exact.build].map((build) => [build.key, build]));
  const requests = distinct([
    ...finalists.map(({ point }) => ({ ...point.request, queries: space.queries, purpose: 'confirm' as const })),
    ...baselines.map(({ request }) => request),
  ]);
  const confirmed = requests.length > 0 ? yield* askPoints(requests) : [];
  const candidates = toCandidates(confirmed, builds);
  const searched = toCandidates([...explored.flatMap(({ tried }) => tried), ...exact.points], builds);
  const ranked = pickBest(candidates.filter((candidate) => misses(candidate, space.target).length === 0));
  const repeated = yield* proveBuilds(space, { ranked, explored });
  const answer = conclude(space, {
    explored,
    candidates,
    searched,
    confirmed,
    baselines,
    builds,
    exact,
    ranked,
    repeated,
  });
  if (answer.recommendation && answer.recommendation.build !== exact.build.key) {
    const { build, settings } = answer.recommendation;
    // Looked up in the journal by the report.
    yield* askPlannerMap({ build, k: space.workload.k, settings });
  }
  const points = [...confirmed, ...repeated.map(({ candidate }) => candidate.point)];
  return { ...answer, capacity: yield* loadRecommendation(space, answer, { kept, confirmed: points }) };
}

/** How many candidates may be built again: when the best fails for the spread of its builds, the next has its turn. */
const PROVED = 2;

/** Builds the best candidate again, and the next one where that shows that the best does not reach the target. */
function* proveBuilds(
  space: Space,
  { ranked, explored }: { readonly ranked: readonly Candidate[]; readonly explored: readonly Explored[] },
): Search<readonly RepeatedBuilds[]> {
  const { repeats = 1, target } = space;
  const results: RepeatedBuilds[] = [];
  if (repeats === 1) return results;
  for (const candidate of ranked.slice(0, PROVED)) {
    const family = explored.find(({ build }) => build.key === candidate.build.key)?.family;
    const result = yield* repeatBuilds({
      candidate,
      // The exact scan is the same every time.
      repeats: family ? repeats : 1,
      higher: family ? higherSettings(space, family, candidate.point.request.settings) : [],
      target,
      request: (build, settings) => pointRequest(space, build, settings, 'confirm'),
    });
    results.push(result);
    for (const { key } of result.builds.slice(1)) yield* release(key);
    if (result.reached) break;
  }
  return results;
}

function higherSettings(space: Space, family: Family, settings: SearchSettings): readonly SearchSettings[] {
  const candidates = candidatesOf(family, space.workload.k);
  if (!candidates) return [];
  const { name } = candidates.knob;
  return candidates.values.filter((value) => value > Number(settings[name])).map((value) => ({ [name]: value }));
}

/** Puts load on the recommendation, alone on its table. */
function* loadRecommendation(
  { loads }: Space,
  { recommendation }: TuneAnswer,
  { kept, confirmed }: { readonly kept: ReadonlySet<string>; readonly confirmed: readonly PointRecord[] },
): Search<Capacity[]> {
  const point = confirmed.find(({ key }) => key === recommendation?.point);
  if (!loads || !point) return [];
  for (const build of kept) if (build !== point.request.build) yield* release(build);
  const capacity = yield* applyLoads(point.request, loads);
  return capacity ? [capacity] : [];
}

const sameParameters = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean =>
  Object.keys(b).every((name) => a[name] === b[name]);

function* explore(space: Space, family: Family, before: readonly Explored[]): Search<Explored> {
  const build = yield* askBuild({ spec: family.spec, repeat: 0 });
  const candidates = candidatesOf(family, space.workload.k);
  if (build.status === 'failed' || !candidates) return { family, build, cheapest: null, givenUp: null, tried: [] };
  const { knob } = candidates;
  const quickest = Math.min(
    ...before.map(({ cheapest }) => (cheapest?.measured ? medianMs(cheapest.measured) : Infinity)),
  );
  const found = yield* findSettings({
    candidates,
    first: firstGuess(before, family),
    request: (value) => pointRequest(space, build.key, { [knob.name]: value }, 'search'),
    reaches: (point) => reachesRecall(point, space.target.recall),
    hopeless: ({ measured }) => measured !== null && medianMs(measured) > HOPELESS_RATIO * quickest,
  });
  return { family, build, ...found };
}

const pointRequest = (
  space: Space,
  build: string,
  settings: SearchSettings,
  purpose: PointRequest['purpose'],
): PointRequest => ({
  build,
  workload: space.workload,
  settings,
  queries: space.queries,
  purpose,
  ...(space.cache === undefined || space.cache === 'warm' ? {} : { cache: space.cache }),
});

/** What a relative of the same method needed is the best guess; before there is one, the method's own default. */
function firstGuess(explored: readonly Explored[], family: Family): number {
  const candidates = candidatesOf(family, 1);
  if (!candidates) return 0;
  const relative = explored.findLast(
    ({ family: other, cheapest }) => other.spec.method === family.spec.method && cheapest,
  );
  return Number(relative?.cheapest?.request.settings[candidates.knob.name] ?? Math.max(candidates.knob.default, 10));
}

interface ExactScan {
  readonly build: BuildRecord;
  readonly points: readonly PointRecord[];
}

/** No index at all: what every index has to beat. */
function* exactScan(space: Space): Search<ExactScan> {
  const build = yield* askBuild({ spec: EXACT, repeat: 0 });
  const queries = Math.min(EXACT_QUERIES, space.queries);
  const points = yield* askPoints([{ ...pointRequest(space, build.key, {}, 'search'), queries }]);
  return { build, points };
}

/** The quickest in the search phase, the best of each method among them, and the exact scan where it can compete. */
function chooseFinalists(
  explored: readonly Explored[],
  exact: ExactScan,
): readonly { build: BuildRecord; point: PointRecord }[] {
  const reached = explored
    .flatMap(({ build, cheapest }) =>
      cheapest?.measured ? [{ build, point: cheapest, ms: medianMs(cheapest.measured) }] : [],
    )
    .sort((a, b) => a.ms - b.ms);
  const methods = new Set<string>();
  const finalists = reached.filter(({ build }, rank) => {
    const first = !methods.has(build.request.spec.method);
    methods.add(build.request.spec.method);
    return first || rank < FINALISTS;
  });
  const [point] = exact.points;
  const exactMs = point?.measured ? medianMs(point.measured) : Infinity;
  const competes = exactMs < 2 * (finalists[0]?.ms ?? Infinity);
  return point && competes ? [...finalists, { build: exact.build, point, ms: exactMs }] : finalists;
}

interface BaselineRequest {
  readonly name: string;
  readonly source: string;
  readonly choice: Omit<Choice, 'point'>;
  readonly request: PointRequest;
}

/** pgvector's defaults and the rules of thumb, for every method whose index was built as the rule says. */
function startingPoints(space: Space, explored: readonly Explored[]): readonly BaselineRequest[] {
  return explored.flatMap(({ family: { spec }, build }) => {
    if (spec.storage !== 'vector' || build.status === 'failed') return [];
    return indexKind(spec.method)
      .startingPoints(space.rows)
      .filter(({ parameters }) => sameParameters(spec.parameters, parameters))
      .map(({ name, source, settings }) => ({
        name,
        source,
        choice: { spec, settings, build: build.key },
        request: pointRequest(space, build.key, settings, 'confirm'),
      }));
  });
}

function distinct(requests: readonly PointRequest[]): readonly PointRequest[] {
  return [...new Map(requests.map((request) => [JSON.stringify(request), request])).values()];
}

const toCandidates = (points: readonly PointRecord[], builds: ReadonlyMap<string, BuildRecord>): readonly Candidate[] =>
  points.flatMap((point) => {
    const build = builds.get(point.request.build);
    return build && point.measured ? [{ build, point, measured: point.measured }] : [];
  });

interface Evidence {
  readonly explored: readonly Explored[];
  /** Measured side by side. */
  readonly candidates: readonly Candidate[];
  /** Measured one by one while searching. */
  readonly searched: readonly Candidate[];
  readonly confirmed: readonly PointRecord[];
  readonly baselines: readonly BaselineRequest[];
  readonly builds: ReadonlyMap<string, BuildRecord>;
  readonly exact: ExactScan;
  /** Candidates that meet the target, best first. */
  readonly ranked: readonly Candidate[];
  /** What other builds of the best of them showed; empty when each was built once. */
  readonly repeated: readonly RepeatedBuilds[];
}

function conclude(space: Space, evidence: Evidence): TuneAnswer {
  const { target } = space;
  const { candidates, searched, ranked, repeated } = evidence;
  const proved = repeated.find(({ reached }) => reached) ?? repeated[0];
  const best = proved ? (proved.reached ? proved.candidate : undefined) : ranked[0];
  const second = best && ranked.find(({ build }) => build.key !== best.build.key);
  const alone = ranked.find(({ build }) => build.key === proved?.candidate.build.key);
  const everything = [...candidates, ...searched];
  return {
    kind: 'tune',
    verdict: best ? 'recommended' : 'not reached',
    target,
    recommendation: best ? toChoice(best) : null,
    runnerUp: second ? toChoice(second) : null,
    because: `${because(best, second, target)}${proved ? describeBuilds(proved, target) : ''}`,
    rejected: rejections(space, evidence, [best, second]),
    baselines: evidence.baselines
      .flatMap((baseline) => toBaseline(baseline, evidence.confirmed))
      .concat(exactBaseline(evidence)),
    front: paretoFront(everything, objectives).map(({ point }) => point.key),
    nearest: best ? [] : nearest(everything, target),
    buildVariance: proved && alone ? toBuildVariance(proved, alone.point.request.settings) : null,
  };
}

const objectives = ({ build, measured }: Candidate) => ({
  max: [measured.recall.mean.value],
  min: [medianMs(measured), indexBytes(build)],
});

export const toChoice = ({ build, point }: Candidate): Choice => ({
  spec: build.request.spec,
  settings: point.request.settings,
  build: build.key,
  point: point.key,
});

function rejections(
  space: Space,
  { explored, candidates }: Evidence,
  [best, second]: readonly (Candidate | undefined)[],
): TuneAnswer['rejected'] {
  const taken = new Set([best?.build.key, second?.build.key]);
  return explored.flatMap(({ family, build, cheapest, givenUp, tried }) => {
    if (taken.has(build.key)) return [];
    const confirmed = candidates.find(
      ({ point }) =>
        point.request.build === build.key &&
        JSON.stringify(point.request.settings) === JSON.stringify(cheapest?.request.settings),
    );
    const point = confirmed?.point ?? cheapest ?? tried.at(-1);
    const choice = {
      spec: family.spec,
      settings: point?.request.settings ?? {},
      build: build.key,
      point: point?.key ?? '',
    };
    return [{ choice, why: whyNot({ build, cheapest, givenUp, tried, confirmed, best, target: space.target }) }];
  });
}

function toBaseline(
  { name, source, choice, request }: BaselineRequest,
  confirmed: readonly PointRecord[],
): readonly Baseline[] {
  const point = confirmed.find((record) => JSON.stringify(record.request) === JSON.stringify(request));
  return point ? [{ name, source, choice: { ...choice, point: point.key } }] : [];
}

function exactBaseline({ exact, confirmed }: Evidence): readonly Baseline[] {
  const point = confirmed.find(({ request }) => request.build === exact.build.key) ?? exact.points[0];
  if (!point) return [];
  const choice = { spec: EXACT, settings: {}, build: exact.build.key, point: point.key };
  return [{ name: 'exact scan, no index', source: 'pgvector README', choice }];
}

/** How close the best point of each index came, closest first. */
function nearest(candidates: readonly Candidate[], target: TuneAnswer['target']): TuneAnswer['nearest'] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const other = best.get(candidate.build.key);
    if (!other || candidate.measured.recall.mean.value > other.measured.recall.mean.value)
      best.set(candidate.build.key, candidate);
  }
  return [...best.values()]
    .sort((a, b) => b.measured.recall.mean.value - a.measured.recall.mean.value)
    .map((candidate) => ({
      choice: toChoice(candidate),
      misses: misses(candidate, target).join('; ') || 'nothing on the one build, but builds of it differ by too much',
    }));
}
