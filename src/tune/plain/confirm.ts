import { latencyQuantile } from '../../analysis/index.js';
import { shortHash } from '../../canonical-json.js';
import { indexKind } from '../../indexes/index.js';
import {
  askTogether,
  keyOf,
  type Measured,
  type PointRecord,
  type PointRequest,
  release,
  type Search,
} from '../../results/index.js';
import { medianMs, pagesOf } from '../common/constraints.js';
import { cheapestOnAverage, type OnAverage } from './confidence-price.js';
import { type BaselineRequest, type Evidence, type ExactScan, toCandidates } from './evidence.js';
import type { Explored } from './explore.js';
import type { Goal } from './goal.js';
import { secondsToConfirm } from './in-time.js';
import { pointRequest, type QueryRange, questionOf } from './observe.js';
import type { Pruned } from './prune.js';
import { type Built, buildRules } from './rules-of-thumb.js';
import type { Screening } from './screen.js';
import type { Settled } from './settle.js';
import { hasParameters, type Space } from './space.js';
import type { Split } from './split.js';

interface Confirmable {
  readonly exact: ExactScan;
  readonly pruned: readonly Pruned[];
  readonly screening: Screening;
  readonly explored: readonly Explored[];
  readonly settled: readonly Settled[];
  readonly onAverage: readonly OnAverage[];
  readonly split: Split;
}

/** Everything that was seen before the candidates are ranked. */
export type Confirmed = Omit<Evidence, 'repeated' | 'ranked' | 'tested' | 'asked'>;

/** Measures the best, the defaults and, where it can compete, the exact scan side by side, with the validation queries. */
export function* confirm(space: Space, found: Confirmable): Search<Confirmed> {
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
    ...(exactPoint && competes(exactPoint, finalists, space.target.minimise)
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
