import { queriesNeeded, queriesToShow, recallsOfPoint } from '../../analysis/index.js';
import {
  askTogether,
  type BuildRecord,
  type BuildRequest,
  type HybridObstacle,
  type HybridOption,
  planInstead,
  type PointRecord,
  type PointRequest,
  type Search,
} from '../../results/index.js';
import { columnIndexes, type HybridQuestion, type HybridStrategy } from '../../workloads/index.js';
import { cheapestSettings } from '../common/cheapest-settings.js';
import { medianMs, reachesRecall, type RecallTarget } from '../common/constraints.js';
import { type Explored, unexplored } from './explored.js';
import { type Asked, laddersOf } from './settings.js';
import { EXACT, type HybridSpace, queriesLacking } from './space.js';

/** Queries that settings are looked for with, where the recall is shown by so many. */
export const SEARCH_QUERIES = 200;
/** Of the queries that perfect answers need to show a recall: some rows are lost. */
const AMPLE = 2;
/** What reads every row is asked a few queries only. */
const EXACT_QUERIES = 20;
/** What misses the target at so many times the quickest's time is not looked at further. */
const HOPELESS_RATIO = 10;

/** What is to be explored. `spec` is offered to strategies that need a vector index; `settings` are of the fusion. */
export interface Exploration extends Asked {
  readonly strategy: HybridStrategy;
  readonly build: (request: BuildRequest) => Search<BuildRecord>;
  /** Of the quickest so far that reaches the target. */
  readonly bestMs: number;
}

/** Finds the least settings of the vector index at which a strategy gives the rows of its exact fusion. */
export function* explore(
  space: HybridSpace,
  { question, strategy, settings, spec: offered, build, bestMs }: Exploration,
): Search<{ explored: Explored; tried: readonly PointRecord[] }> {
  const uses = strategy.indexes(question, settings);
  const spec = uses.vector === 'required' ? offered : EXACT;
  const blank = unexplored(question, strategy, 'unsuited', null);
  const option: HybridOption = { ...blank.option, spec };
  const isIndexed = spec.method !== EXACT.method;
  const requests: BuildRequest[] = [
    ...(isIndexed ? [{ spec, repeat: 0 }] : []),
    { spec: EXACT, repeat: 0, text: question.text },
    ...filterIndexes(question).map((columnIndex) => ({ spec: EXACT, repeat: 0, columnIndex })),
  ];
  const builds: BuildRecord[] = [];
  for (const request of requests) builds.push(yield* build(request));
  const broken = builds.find(({ status }) => status === 'failed');
  if (broken) {
    return { explored: { ...blank, option: { ...option, outcome: 'failed', why: broken.reason } }, tried: [] };
  }

  const readsAll = strategy.vectorReach(question, settings) === null || (uses.vector === 'required' && !isIndexed);
  const [main = '', ...beside] = builds.map(({ key }) => key);
  const all = question.queries.size;
  const enough = Math.max(SEARCH_QUERIES, AMPLE * queriesToShow(space.target.recall, space.target.confidence));
  const request = (own: PointRequest['settings']): PointRequest => ({
    build: main,
    ...(beside.length > 0 ? { beside } : {}),
    workload: {
      kind: 'hybrid',
      k: space.k,
      text: question.text,
      strategy: strategy.name,
      ...(question.filter ? { filter: question.filter.filter } : {}),
    },
    settings: own,
    queries: Math.min(readsAll ? EXACT_QUERIES : enough, all),
    purpose: 'search',
  });
  // Without an index of the vectors nothing is lost: the plan shows that, and the server's own scan agreed with the exact
  // legs. Sums in float32 may still prefer another of rows that are as near.
  const reaches = (point: PointRecord): boolean => {
    if (!isIndexed) return point.status === 'ok';
    const mean = point.measured?.recall.mean.value ?? 0;
    return queriesLacking(space) === null ? reachesRecall(point, space.target) : mean >= space.target.recall;
  };
  const ladders = laddersOf(space, strategy, { question, spec, settings });
  const found = yield* cheapestSettings(ladders, {
    first: ladders.start,
    isHopeless: (measured) => medianMs(measured) > HOPELESS_RATIO * bestMs,
    recall: space.target.recall,
    *ask(search) {
      const [point] = yield* askTogether('point', [request({ ...settings, ...search })]);
      return point!;
    },
    reaches,
  });
  const quoted = found.cheapest?.point ?? found.tried.findLast(({ measured }) => measured) ?? null;
  const isUnused = isIndexed && found.cheapest !== null && !isUsed(found.cheapest.point, builds[0]!);
  const isOtherPlan = isUnused || planInstead(found.lost?.point.reason ?? null) !== null;
  const outcome = found.cheapest && !isUnused ? 'reaches' : isOtherPlan ? 'another plan' : quoted ? 'misses' : 'failed';
  return {
    explored: {
      ...blank,
      option: {
        ...option,
        outcome,
        why: isUnused ? UNUSED : found.cheapest ? null : (found.lost?.point.reason ?? whyMissed(quoted, space.target)),
        settings: quoted?.request.settings ?? { ...settings, ...ladders.rungs[0] },
        builds: builds.map(({ key }) => key),
        point: quoted?.key ?? null,
      },
      final:
        found.cheapest && !isUnused
          ? {
              ...found.cheapest.point.request,
              queries: space.judged === null ? Math.min(enough, all) : all,
              purpose: 'confirm',
              samples: space.samples,
            }
          : null,
      medianMs: quoted?.measured ? medianMs(quoted.measured) : Infinity,
    },
    tried: found.tried,
  };
}

const UNUSED: HybridObstacle = { code: 'vector-index-unused', data: {} };

/** Whether any query went through the index; of filtered queries none may. */
const isUsed = ({ measured }: PointRecord, { index }: BuildRecord): boolean =>
  index === null ||
  (measured?.ranking?.plans ?? []).length === 0 ||
  measured!.ranking!.plans.some(({ scans }) => scans.includes(index.name));

/** The indexes by which the rows of a filter are found. */
export const filterIndexes = ({ filter }: HybridQuestion) =>
  filter ? (columnIndexes(filter.matching.filters[0]!, { columns: filter.columns, join: null }) ?? []) : [];

function whyMissed(point: PointRecord | null, { recall, confidence }: RecallTarget): HybridObstacle {
  if (!point?.measured) return { code: 'not-measured', data: {} };
  const { mean, queries } = point.measured.recall;
  if (mean.value < recall) {
    return { code: 'rows-missed', data: { share: mean.value, medianMs: medianMs(point.measured) } };
  }
  const recalls = recallsOfPoint(point.measured);
  const perfect = queriesToShow(recall, confidence);
  const needs =
    mean.value > recall ? Math.max(perfect, queriesNeeded(recalls, mean.value - recall, confidence)) : perfect;
  return { code: 'rows-not-shown', data: { share: mean.value, queries, needs } };
}
