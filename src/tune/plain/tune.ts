import { latencyQuantile, confidenceOfEach } from '../../analysis/index.js';
import { shortHash } from '../../canonical-json.js';
import { indexKind } from '../../indexes/index.js';
import {
  ask,
  askTogether,
  type BuildRecord,
  type Choice,
  keyOf,
  type SustainedRate,
  type Measured,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
  type TuneAnswer,
} from '../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import { rerankDepth } from '../../workloads/index.js';
import { type RepeatedBuilds, repeatBuilds } from './build-variance.js';
import { measureCold } from './cold.js';
import { conclude } from './conclude.js';
import { cheapestOnAverage, type OnAverage, reachingOnAverage } from './confidence-price.js';
import { hasTime } from '../shared/budget.js';
import { type Candidate, meets, medianMs, pagesOf } from '../shared/constraints.js';
import { type BaselineRequest, type Evidence, type ExactScan, isShown, toCandidates } from './evidence.js';
import { explore, type Explored } from './explore.js';
import { neededBytes } from './infeasible.js';
import type { Goal } from './goal.js';
import { lookOnAllRows } from './look-on-all-rows.js';
import { lookOnSubset } from './look-on-subset.js';
import { applyLoads } from '../shared/loads.js';
import { pointRequest, type QueryRange, type Question } from './observe.js';
import { hasTimeToBuild, secondsToConfirm } from './in-time.js';
import { prune, type Pruned } from './prune.js';
import { pickBest, tieBreakOf } from './recommend.js';
import type { Screening } from './screen.js';
import { type Built, buildRules } from './rules-of-thumb.js';
import { isTested, settle, type Settled } from './settle.js';
import { type Family, hasParameters, type Space } from './space.js';
import { searchRecallFor, type Split, splitQueries } from './split.js';
import { step } from './step.js';

/** Queries that the exact scan is timed with: enough for a median, and it may take a second a query. */
const EXACT_QUERIES = 20;
/** Queries of the exact scan that bound a 95th percentile. */
const EXACT_P95_QUERIES = 100;
/** Pages that a scan of any index touches beside those of the rows that it gives: the first, and one of what it holds. */
const INDEX_PAGES = 2;

const EXACT: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

/**
 * Finds the cheapest index and settings that meet the target, in about three builds on all rows:
 *
 * 1. what the models rule out is not built; where the exact scan is quick enough nothing is;
 * 2. pgvector's default index is built, the control, and the setting found that reaches the recall;
 * 3. other indexes are compared with it on a random subset of the rows, at the same point of operation;
 * 4. the most promising are built on all rows, for as long as what the next one may save is worth a build;
 * 5. the validation queries show the recall of each, and the best, the defaults and the cheapest that reaches the recall
 *    on average are measured side by side.
 *
 * Models and subsets choose what to look at. What is recommended rests on points of the whole table alone.
 *
 * @param measureWrites false where other workloads are tuned on the table afterwards: rows that are inserted leave dead
 *   rows, even if they are rolled back
 */
export function* tune(
  space: Space,
  { measureWrites = true }: { readonly measureWrites?: boolean } = {},
): Search<TuneAnswer> {
  const split = splitQueries(space.queries);
  const searchRecall = searchRecallFor(space.target, split.validation.count);
  const { kept, pruned } = prune(space);
  const exact = yield* step('exact', exactScan(space));
  if (exact.sufficient) return conclude(space, evidenceOf(space, { exact, pruned }));

  const most = space.rowsBudget;
  const among: Space = { ...space, families: kept };
  const looked =
    most !== null && most < space.rows
      ? yield* lookOnSubset(among, { most, searchRecall, split })
      : yield* lookOnAllRows(among, { searchRecall, split });
  if (!looked) {
    const alone = space.budget ? yield* exactScanAlone(space, exact) : exact;
    return conclude(space, evidenceOf(space, { exact: alone, pruned }));
  }
  const { screening } = looked;
  const explored = [...looked.explored];
  // Every index that may be chosen is too large: what the bound would have to be, only a build tells.
  const isRuledOut = kept.every(({ isControlOnly }) => isControlOnly);
  const tooLarge = isRuledOut ? tooLargeOf(pruned) : [];
  const tested = explored.filter(isTested).length + tooLarge.length;
  const each: Space = {
    ...space,
    target: { ...space.target, confidence: confidenceOfEach(space.target.confidence, tested) },
  };
  const settled: Settled[] = [];
  for (const one of explored) {
    settled.push(yield* step('recall', settle(each, { explored: one, searchRecall, split })));
  }
  for (const family of tooLarge) {
    if (!(yield* hasTimeToBuild(space, family.spec, secondsToConfirm(space, { explored, split, more: 1 })))) continue;
    const asked = { family, searchRecall, first: space.workload.k, queries: split.search };
    const one = yield* step('recall', explore(space, asked));
    explored.push(one);
    const found = yield* step('recall', settle(each, { explored: one, searchRecall, split }));
    settled.push(found);
    if (found.point) break;
  }
  const onAverage = isInTime(space, 'confidence-price', 0, secondsToConfirm(space, { explored, split }))
    ? yield* step('recall', reachingOnAverage(each, { settled, split }))
    : [];
  const unbuilt = pruned.filter(({ family }) => !explored.some((one) => one.family === family));

  const confirmable = { exact, pruned: unbuilt, screening, explored, settled, onAverage, split };
  const evidence = yield* step('compare', confirm(each, confirmable));
  const ranked = pickBest(
    evidence.candidates.filter((candidate) => isShown(candidate, evidence) && meets(candidate, each.target)),
    goalOf(space),
    tieBreakOf(space),
  );
  const repeated = yield* step('compare', proveBuilds(each, { ranked, explored, known: evidence.candidates }));
  const answer = conclude(each, { ...evidence, ranked, repeated, tested, asked: space.target });
  if (answer.recommendation && answer.recommendation.build !== exact.build.key) {
    const { build, settings } = answer.recommendation;
    // Of an index whose rows are sorted anew more of them are asked than of the query.
    const k = Number(settings[rerankDepth.name] ?? space.workload.k);
    // Looked up in the journal by the report.
    yield* step('finish', ask('planner-map', { build, k, settings }));
  }
  const cold = isInTime(space, 'cold-caches', COLD_SECONDS)
    ? yield* step('finish', measureCold(space, answer, evidence))
    : {};
  // Load is put on the recommendation alone: the others come before they are released, and it comes after its load.
  const compared =
    measureWrites && isInTime(space, 'writes', WRITES_SECONDS) ? comparedBuilds(answer) : new Set<string>();
  for (const build of compared)
    if (build !== answer.recommendation?.build) yield* step('finish', ask('writes', { build }));
  const { concurrency = [], seconds = 0 } = space.loads ?? {};
  const isLoaded = isInTime(space, 'load', Math.max(1, concurrency.length) * seconds);
  const sustainedRates = !isLoaded
    ? []
    : yield* step('finish', loadRecommendation(space, answer, { evidence, repeated }));
  for (const build of compared)
    if (build === answer.recommendation?.build) yield* step('finish', ask('writes', { build }));
  const choice = looked.choice ? { subsetChoice: looked.choice } : {};
  return { ...answer, ...choice, ...cold, sustainedRates };
}

/** With cold caches and with writes, each index takes some seconds. */
const COLD_SECONDS = 10;
const WRITES_SECONDS = 10;

/** Whether there is time for what adds to an answer; what there is none for is named. */
function isInTime(
  { budget }: Space,
  code: 'confidence-price' | 'cold-caches' | 'load' | 'writes',
  seconds: number,
  reserved = 0,
): boolean {
  if (hasTime(budget, seconds, reserved)) return true;
  budget?.omit({ code, data: { seconds, leftSeconds: Math.max(0, budget.left() - reserved) } });
  return false;
}

/** How many indexes that are too large are built, where all of them are. */
const MOST_TOO_LARGE = 4;

/** What the bound on size ruled out, the smallest first. */
const tooLargeOf = (pruned: readonly Pruned[]): readonly Family[] =>
  pruned
    .flatMap((one) => {
      const bytes = neededBytes(one, 'index_size');
      return bytes === null ? [] : [{ family: one.family, bytes }];
    })
    .toSorted((a, b) => a.bytes - b.bytes)
    .slice(0, MOST_TOO_LARGE)
    .map(({ family }) => family);

const goalOf = ({ target }: Space): Goal => target.minimise;

/**
 * No index at all: what every index has to beat. Where it keeps within the bound on latency, there is no need of one; nor,
 * where there is no bound, if it touches no more pages than any index must, which fetches each row that it gives.
 */
function* exactScan(space: Space): Search<ExactScan> {
  const build = yield* ask('build', { spec: EXACT, repeat: 0 });
  const measure = function* (queries: number, purpose: PointRequest['purpose']): Search<readonly PointRecord[]> {
    const count = Math.min(queries, space.queries);
    return yield* askTogether('point', [pointRequest(questionOf(space, build, { from: 0, count }), {}, purpose)]);
  };
  const quick = yield* measure(EXACT_QUERIES, 'search');
  const { p95Ms } = space.target;
  const [point] = quick;
  const promises = (measured: Measured): boolean =>
    p95Ms === undefined ? pagesOf(measured) <= space.workload.k + INDEX_PAGES : medianMs(measured) <= p95Ms;
  if (!point?.measured || !promises(point.measured)) return { build, points: quick, sufficient: false };
  const points = yield* measure(EXACT_P95_QUERIES, 'confirm');
  const [candidate] = toCandidates(points, new Map([[build.key, build]]));
  return {
    build,
    points: [...quick, ...points],
    sufficient: candidate !== undefined && meets(candidate, space.target),
  };
}

/** Where there is no time for any index, the exact scan is the answer: timed by as many queries as there is time for. */
function* exactScanAlone(space: Space, exact: ExactScan): Search<ExactScan> {
  const [quick] = exact.points;
  if (!quick?.measured) return exact;
  const inTime = Math.floor((1000 * (space.budget?.left() ?? 0)) / (2 * medianMs(quick.measured)));
  const count = Math.min(space.queries, Math.max(EXACT_QUERIES, Math.min(EXACT_P95_QUERIES, inTime)));
  const request = pointRequest(questionOf(space, exact.build, { from: 0, count }), {}, 'confirm');
  const points = yield* askTogether('point', [{ ...request, samples: count }]);
  return { ...exact, points: [...exact.points, ...points] };
}

const questionOf = (space: Space, build: BuildRecord, queries: Question['queries']): Question => ({
  build,
  workload: space.workload,
  queries,
  cache: space.cache,
});

function evidenceOf(
  space: Space,
  { exact, pruned }: { readonly exact: ExactScan; readonly pruned: readonly Pruned[] },
): Evidence {
  const builds = new Map([[exact.build.key, exact.build]]);
  const candidates = toCandidates(exact.points.slice(-1), builds);
  return {
    exact,
    pruned,
    screening: { rows: null, recall: space.target.recall, screened: [] },
    explored: [],
    settled: [],
    onAverage: [],
    candidates,
    confirmed: exact.points,
    baselines: [],
    builds,
    ranked: exact.sufficient || space.budget ? candidates.filter((one) => meets(one, space.target)) : [],
    repeated: [],
    tested: 0,
    asked: space.target,
  };
}

interface Confirmable {
  readonly exact: ExactScan;
  readonly pruned: readonly Pruned[];
  readonly screening: Screening;
  readonly explored: readonly Explored[];
  readonly settled: readonly Settled[];
  readonly onAverage: readonly OnAverage[];
  readonly split: Split;
}

/** Measures the best, the defaults and, where it can compete, the exact scan side by side, with the validation queries. */
function* confirm(
  space: Space,
  found: Confirmable,
): Search<Omit<Evidence, 'repeated' | 'ranked' | 'tested' | 'asked'>> {
  const { exact, explored, settled, onAverage, split, screening } = found;
  const shown = settled.flatMap(({ point }) => point ?? []);
  // Where nothing is shown to reach the recall, the most that each came to.
  const most = settled.flatMap(({ tried }) => tried.filter(({ status }) => status === 'ok').slice(-1));
  const finalists = shown.length > 0 ? shown : most;
  const cheapest = shown.length > 0 ? cheapestOnAverage(onAverage) : [];
  const rules = yield* buildRules(space, secondsToConfirm(space, { explored, split }));
  const whole: readonly Built[] = [...explored.map(({ family, build }) => ({ spec: family.spec, build })), ...rules];
  const timed = { from: 0, count: Math.min(space.timed, split.validation.count) };
  const baselines = startingPoints(space, whole, timed);
  const builds = new Map(
    [...whole, ...screening.screened.map((one) => one.explored)]
      .map(({ build }) => build)
      .concat(exact.build)
      .map((build) => [build.key, build]),
  );
  const kept = new Set([
    ...finalists.map(({ request }) => request.build),
    ...cheapest.map(({ request }) => request.build),
    ...baselines.map(({ choice }) => choice.build),
  ]);
  for (const { build } of explored) if (!kept.has(build.key) && build.status === 'ok') yield* release(build.key);

  const [exactPoint] = exact.points;
  const answers = [...settled, ...onAverage.map((one) => one.settled)].flatMap(({ tried }) => tried);
  const indexed = [...finalists, ...cheapest].map(({ request }): PointRequest => ({
    ...request,
    queries: timed.count,
    purpose: 'confirm',
  }));
  const requests = distinct([
    ...indexed,
    ...(exactPoint && competes(exactPoint, finalists, goalOf(space))
      ? [besideOthers(pointRequest(questionOf(space, exact.build, timed), {}, 'confirm'), exact.points, indexed)]
      : []),
    ...baselines.map(({ request }) => request),
  ]);
  const confirmed = requests.length > 0 ? yield* askTogether('point', requests) : [];
  return { ...found, baselines, builds, confirmed, candidates: toCandidates(confirmed, builds, answers) };
}

/** A request as it is; where it was answered alone, it is another one beside others. */
function besideOthers(
  request: PointRequest,
  known: readonly PointRecord[],
  others: readonly PointRequest[],
): PointRequest {
  const key = keyOf('point', request);
  if (!known.some((point) => point.key === key)) return request;
  return { ...request, comparedWith: others.map((other) => keyOf('point', other)) };
}

/** Whether the exact scan may be the cheapest; its first few times of a run are the least certain of all. */
function competes({ measured: exact }: PointRecord, finalists: readonly PointRecord[], goal: Goal): boolean {
  if (!exact) return false;
  const least = (of: (measured: Measured) => number): number =>
    Math.min(...finalists.map(({ measured }) => (measured ? of(measured) : Infinity)));
  const ms = latencyQuantile(exact, 0.5)?.estimate?.low ?? 0;
  return ms < 2 * least(medianMs) || (goal === 'buffers' && pagesOf(exact) < 2 * least(pagesOf));
}

/** How many candidates may be built again: when the best fails for the spread of its builds, the next has its turn. */
const PROVED = 2;

/** Builds the best candidate again, and the next one where that shows that the best does not reach the target. */
function* proveBuilds(
  space: Space,
  {
    ranked,
    explored,
    known,
  }: {
    readonly ranked: readonly Candidate[];
    readonly explored: readonly Explored[];
    readonly known: readonly Candidate[];
  },
): Search<readonly RepeatedBuilds[]> {
  const { repeats, target } = space;
  const results: RepeatedBuilds[] = [];
  if (repeats === 1) return results;
  // Of a build that is not shown, other settings are not either.
  const ofEachBuild = ranked.filter(({ build }, i) => ranked.findIndex((other) => other.build.key === build.key) === i);
  for (const candidate of ofEachBuild.slice(0, PROVED)) {
    const { spec } = candidate.build.request;
    const seconds = (repeats - 1) * candidate.build.seconds;
    if (!hasTime(space.budget, seconds)) {
      space.budget?.omit({
        code: 'rebuilds',
        data: { spec, builds: repeats - 1, seconds, leftSeconds: space.budget.left() },
      });
      break;
    }
    const own = explored.find(({ build }) => build.key === candidate.build.key);
    const result = yield* repeatBuilds({
      candidate,
      // The exact scan is the same every time.
      repeats: own ? repeats : 1,
      higher: own ? higherSettings(own, candidate.point.request.settings) : [],
      known,
      target,
    });
    results.push(result);
    for (const { key } of result.builds.slice(1)) yield* release(key);
    if (result.reached) break;
  }
  return results;
}

function higherSettings({ candidates, served }: Explored, settings: SearchSettings): readonly SearchSettings[] {
  if (!candidates) return [];
  const { name } = candidates.knob;
  return served.filter((value) => value > Number(settings[name])).map((value) => ({ ...settings, [name]: value }));
}

/** Puts load on the recommendation, alone on its table. */
function* loadRecommendation(
  { loads }: Space,
  answer: TuneAnswer,
  {
    evidence,
    repeated,
  }: { readonly evidence: Pick<Evidence, 'confirmed' | 'builds'>; readonly repeated: readonly RepeatedBuilds[] },
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

/** pgvector's defaults and the rules of thumb, for every method whose index was built as the rule says. */
function startingPoints(space: Space, built: readonly Built[], timed: QueryRange): readonly BaselineRequest[] {
  const distinctBuilds = [...new Map(built.map((one) => [one.build.key, one])).values()];
  return distinctBuilds.flatMap(({ spec, build }) => {
    if (spec.representation !== 'vector' || build.status === 'failed') return [];
    return indexKind(spec.method)
      .startingPoints(space.rows)
      .filter(({ parameters }) => hasParameters(spec, parameters))
      .map(({ rule, settings }) => ({
        rule,
        choice: { spec, settings, build: build.key },
        request: pointRequest(questionOf(space, build, timed), settings, 'confirm'),
      }));
  });
}

const distinct = (requests: readonly PointRequest[]): readonly PointRequest[] => [
  ...new Map(requests.map((request) => [shortHash(request), request])).values(),
];
