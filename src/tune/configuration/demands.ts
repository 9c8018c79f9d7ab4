import type {
  FilteredAnswer,
  HybridAnswer,
  Measured,
  PointRecord,
  PointRequest,
  TuneAnswer,
} from '../../results/index.js';
import { filteredStrategy } from '../../workloads/index.js';
import type { FilteredSpace } from '../filtered/index.js';
import { medianMs } from '../shared/constraints.js';
import type { Demand, Way } from './demand.js';

/** The points of a run by key, as far as a search has heard of them. */
export type Points = ReadonlyMap<string, PointRecord>;

/** What plain queries need: the recommendation, if there is one. */
export function plainDemand({ recommendation }: TuneAnswer, points: Points): readonly Demand[] {
  const point = recommendation && points.get(recommendation.point);
  if (!recommendation || !point?.measured) return [];
  const isExact = recommendation.spec.method === 'none';
  return demand({ kind: 'plain' }, point.key, [
    wayOf(null, isExact ? [] : [recommendation.build], { point, measured: point.measured }, isExact),
  ]);
}

/** What each filter of a workload needs; copies of the table are another table. */
export const filteredDemands = (
  { filters }: FilteredAnswer,
  workload: number,
  { cases, samples }: FilteredSpace,
  points: Points,
): readonly Demand[] =>
  filters.flatMap(({ options, best }, filter) => {
    const chosen = best === null ? null : options[best]!.point;
    if (chosen === null) return [];
    const queries = cases[filter]!.question.queries.size;
    const ways = options.flatMap((option, position) => {
      const { protection, copies } = filteredStrategy(option.strategy);
      const point = option.point === null ? undefined : points.get(option.point);
      if (!point?.measured || option.outcome !== 'reaches' || copies === 'table') return [];
      const way = wayOf(position, option.builds, { point, measured: point.measured }, protection !== null);
      return [{ ...way, request: { ...way.request, queries, samples } }];
    });
    return demand(
      { kind: 'filtered', workload, filter },
      chosen,
      ways.toSorted((a, b) => a.cost - b.cost),
    );
  });

/** What a hybrid workload needs: the recommendation, and what is as good. */
export function hybridDemand(
  { options, best, rivals }: HybridAnswer,
  workload: number,
  points: Points,
): readonly Demand[] {
  const chosen = best === null ? null : options[best]!.point;
  if (best === null || chosen === null) return [];
  const ways = [best, ...rivals].flatMap((position) => {
    const { point: key, builds } = options[position]!;
    const point = key === null ? undefined : points.get(key);
    return point?.measured ? [wayOf(position, builds, { point, measured: point.measured }, false)] : [];
  });
  return demand({ kind: 'hybrid', workload }, chosen, ways);
}

const demand = (of: Demand['of'], alone: string, [first, ...others]: readonly Way[]): readonly Demand[] =>
  first ? [{ of, alone, ways: [first, ...others] }] : [];

function wayOf(
  option: number | null,
  builds: readonly string[],
  { point, measured }: { readonly point: PointRecord; readonly measured: Measured },
  canBeProtected: boolean,
): Way {
  const request: PointRequest = { ...point.request, purpose: 'confirm' };
  return { option, builds, request, alone: measured, cost: medianMs(measured), canBeProtected };
}
