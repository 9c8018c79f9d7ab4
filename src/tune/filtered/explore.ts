import { canonicalJson } from '../../canonical-json.js';
import {
  ask,
  askTogether,
  type BuildRecord,
  type FilterMiss,
  type FilterOption,
  type Measured,
  planInstead,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import type { IndexSpec, SearchSettings } from '../../vocabulary.js';
import type { FilteredCase, FilteredStrategy } from '../../workloads/index.js';
import type { Goal } from '../plain/goal.js';
import { cheapestSettings, type StrategySearch, type Place } from '../common/cheapest-settings.js';
import { medianMs, pagesOf, reachesRecall } from '../common/constraints.js';
import { buildsOf, type Candidate, limitOf, nameOf } from './candidates.js';
import { asksClassThreshold } from './class-threshold.js';
import type { Explored } from './explored.js';
import { laddersOf } from './ladders.js';
import type { FilteredSpace } from './space.js';

/**
 * A strategy that takes this many times the best one's work, and as many times its pages, and misses the target, is not
 * looked at further: one that takes longer by fewer pages may have had a bad moment.
 */
const HOPELESS_RATIO = { firstIndex: 3, otherIndexes: 1.5 };
/** What is exact needs no queries to show its recall. */
const EXACT_QUERIES = 50;
/** Enough for a median that is some times too high. */
const PROBE_QUERIES = 20;

/** What the filters of one search share. */
export interface Memory {
  readonly builds: Map<string, BuildRecord>;
  /** Where each candidate's settings were found last. */
  readonly places: Map<string, Place>;
  /** Every build that was asked for, by key. */
  readonly allBuilds: Map<string, BuildRecord>;
}

/** What a query takes, as far as it bears on the goal, while few of them are asked: too few for a 95th percentile. */
export const workOf = (goal: Goal, measured: Measured): number =>
  goal === 'buffers' ? pagesOf(measured) : medianMs(measured);

/** What was found of a candidate, and every point that was measured for it. */
export interface Exploration {
  readonly explored: Explored;
  readonly tried: readonly PointRecord[];
}

interface ExplorationOptions {
  readonly asked: FilteredCase;
  readonly candidate: Candidate;
  readonly memory: Memory;
  /** The one with the least work so far that reaches the target. */
  readonly best: Measured | null;
}

/** Finds the cheapest settings of a candidate that reach the target for a filter, or what prevents it. */
export function* exploreCandidate(
  space: FilteredSpace,
  { asked, candidate, memory, best }: ExplorationOptions,
): Search<Exploration> {
  const { strategy, spec } = candidate;
  const { question, filter, join, returns } = asked;
  const option: FilterOption = {
    strategy: strategy.name,
    spec,
    outcome: 'unsuited',
    why: limitOf(candidate, asked),
    settings: {},
    builds: [],
    point: null,
  };
  const nothing = { ...candidate, final: null, measured: null };
  if (option.why !== null) return { explored: { ...nothing, option }, tried: [] };

  const builds: BuildRecord[] = [];
  for (const request of buildsOf(candidate, asked)) {
    const known = memory.builds.get(canonicalJson(request));
    const build = known ?? (yield* ask('build', request));
    memory.builds.set(canonicalJson(request), build);
    memory.allBuilds.set(build.key, build);
    builds.push(build);
  }
  const keys = builds.map(({ key }) => key);
  const broken = builds.find(({ status }) => status === 'failed');
  if (broken) {
    return { explored: { ...nothing, option: { ...option, outcome: 'failed', why: broken.reason } }, tried: [] };
  }

  const [build = '', ...beside] = keys;
  const request = (settings: SearchSettings, forced: boolean): PointRequest => ({
    build,
    ...(beside.length > 0 ? { beside } : {}),
    workload: {
      kind: 'filtered',
      k: space.k,
      filter,
      join,
      ...(returns ? { returns } : {}),
      strategy: strategy.name,
      ...(asksClassThreshold(strategy.name) ? { exactBelowRows: question.exactBelowRows } : {}),
      ...(forced ? { forced } : {}),
    },
    settings: { ...strategy.settings(question, spec), ...settings },
    queries: strategy.isApproximate ? question.queries.size : Math.min(EXACT_QUERIES, question.queries.size),
    purpose: 'search',
  });
  const ladders = laddersOf(strategy, { question, spec, rows: space.rows });
  const name = nameOf(candidate);
  // What happens when nothing is set is always looked at: it is what most people have.
  const first = strategy.name === 'post-filter' ? ladders.start : (memory.places.get(name) ?? ladders.start);
  const isFirst = spec === space.specs[0];
  const ratio = isFirst ? HOPELESS_RATIO.firstIndex : HOPELESS_RATIO.otherIndexes;
  const { minimise } = space.target;
  const isHopeless = (measured: Measured): boolean =>
    best !== null &&
    workOf(minimise, measured) > ratio * workOf(minimise, best) &&
    pagesOf(measured) > ratio * pagesOf(best);
  const find = (forced: boolean, from: Place) =>
    cheapestSettings(ladders, {
      first: from,
      isHopeless,
      recall: space.target.recall,
      *ask(settings) {
        const [point] = yield* askTogether('point', [request(settings, forced)]);
        return point!;
      },
      reaches: (point) => (strategy.isApproximate ? reachesRecall(point, space.target) : isExactAnswer(point, returns)),
    });

  /** A few queries first, where one may take as long as a hundred elsewhere: what is slow and misses is left at that. */
  function* probeThenFind(forced: boolean, from: Place): Search<StrategySearch> {
    const asked = request({ ...ladders.rungs[from.rung], ...ladders.reaches[from.reach] }, forced);
    const [point] = yield* askTogether('point', [{ ...asked, queries: Math.min(PROBE_QUERIES, asked.queries) }]);
    const nothing = { cheapest: null, lost: null, ended: null, tried: point ? [point] : [] };
    const measured = point?.measured;
    if (point && !measured && planInstead(point.reason) === null) return { ...nothing, lost: { point, place: from } };
    const isHopelesslyShort = measured && measured.recall.mean.value < space.target.recall && isHopeless(measured);
    return isHopelesslyShort ? { ...nothing, ended: 'expensive' } : yield* find(forced, from);
  }

  const natural = yield* isEndless(strategy, question, spec) ? probeThenFind(false, first) : find(false, first);
  const tried = [...natural.tried];
  const isOtherPlan = planInstead(natural.lost?.point.reason ?? null) !== null;
  let found = natural;
  if (natural.lost && isOtherPlan && strategy.isApproximate) {
    found = yield* probeThenFind(true, natural.lost.place);
    tried.push(...found.tried);
  }
  if (found.cheapest) memory.places.set(name, found.cheapest.place);
  const quoted = found.cheapest?.point ?? found.tried.findLast(({ measured }) => measured) ?? null;
  const outcome = found.cheapest ? 'reaches' : natural.lost && !isOtherPlan ? 'failed' : 'misses';
  const settings = quoted?.request.settings ?? natural.tried.at(-1)?.request.settings ?? {};
  return {
    explored: {
      ...candidate,
      option: {
        ...option,
        outcome: isOtherPlan ? 'another plan' : outcome,
        why: natural.lost?.point.reason ?? (found.cheapest ? null : whyMissed(found, best)),
        settings,
        builds: builds.filter(({ index }) => index !== null).map(({ key }) => key),
        point: quoted?.key ?? null,
      },
      final: found.cheapest && {
        ...found.cheapest.point.request,
        queries: question.queries.size,
        purpose: 'confirm',
        samples: space.samples,
      },
      measured: quoted?.measured ?? null,
    },
    tried,
  };
}

/**
 * Whether an exact strategy gave the answer. Its plan was checked with every block, and the exact answers by the server's own
 * scan; sums in float32 may still prefer another of rows that are as near, which is no fault of the strategy. Of different
 * documents the statement looks at so many rows, which may be too few.
 */
const isExactAnswer = ({ status, measured }: PointRecord, returns: FilteredCase['returns']): boolean =>
  status === 'ok' && (returns === undefined || 'within' in returns || measured?.recall.mean.value === 1);

/** Whether a scan goes on until it has found enough. */
const isEndless = (strategy: FilteredStrategy, question: FilteredCase['question'], spec: IndexSpec): boolean =>
  (strategy.settings(question, spec)['iterative_scan'] ?? 'off') !== 'off';

/** Why a strategy misses the target, by the best of its points. */
function whyMissed({ tried, ended }: StrategySearch, other: Measured | null): FilterMiss {
  const measured = tried.flatMap((point) => point.measured ?? []);
  const best = measured.toSorted((a, b) => b.recall.mean.value - a.recall.mean.value)[0];
  if (!best) return { code: 'not-measured', data: {} };
  const ms = medianMs(best);
  return {
    code: 'recall-missed',
    data: {
      recall: best.recall.mean.value,
      completeness: best.completeness.mean,
      medianMs: ms,
      ended: ended ?? 'often',
      timesSlower: ended === 'expensive' && other ? ms / medianMs(other) : null,
    },
  };
}
