import type {
  BuildRecord,
  FilteredAnswer,
  HybridAnswer,
  Measured,
  PointRecord,
  PointRequest,
  TuneAnswer,
} from '../../results/index.js';
import { filteredStrategy, hybridProtection, hybridStrategy } from '../../workloads/index.js';
import type { FilteredSpace } from '../filtered/index.js';
import type { HybridSpace } from '../hybrid/index.js';
import type { Target } from '../../vocabulary.js';
import { rankingCost, rankingOf } from '../common/rank.js';
import type { Demand, Way } from './demand.js';

/** What a search has heard of the run, by key, and what ways are ranked by. */
export interface Ground {
  readonly points: ReadonlyMap<string, PointRecord>;
  readonly builds: ReadonlyMap<string, BuildRecord>;
  readonly target: Target;
}

/** What plain queries need: the recommendation, if there is one. */
export function plainDemand({ recommendation }: TuneAnswer, ground: Ground): readonly Demand[] {
  const point = recommendation && ground.points.get(recommendation.point);
  if (!recommendation || !point?.measured) return [];
  const isExact = recommendation.spec.method === 'none';
  return demand({ kind: 'plain' }, point.key, ground, [
    wayOf(null, isExact ? [] : [recommendation.build], { point, measured: point.measured }, isExact),
  ]);
}

/** What each filter of a workload needs. */
export const filteredDemands = (
  { filters }: FilteredAnswer,
  workload: number,
  { cases, samples }: FilteredSpace,
  ground: Ground,
): readonly Demand[] =>
  filters.flatMap(({ options, best }, filter) => {
    const chosen = best === null ? null : options[best]!.point;
    if (chosen === null) return [];
    const queries = cases[filter]!.question.queries.size;
    const ways = options.flatMap((option, position) => {
      const { protection } = filteredStrategy(option.strategy);
      const point = option.point === null ? undefined : ground.points.get(option.point);
      if (!point?.measured || option.outcome !== 'reaches') return [];
      const way = wayOf(position, option.builds, { point, measured: point.measured }, protection !== null);
      return [{ ...way, request: { ...way.request, queries, samples } }];
    });
    return demand({ kind: 'filtered', workload, filter }, chosen, ground, ways, { isSorted: false });
  });

/** What a hybrid workload needs: the recommendation, and what is as good. */
export function hybridDemand(
  { options, best, rivals }: HybridAnswer,
  workload: number,
  { questions }: HybridSpace,
  ground: Ground,
): readonly Demand[] {
  const chosen = best === null ? null : options[best]!.point;
  if (best === null || chosen === null) return [];
  const ways = [best, ...rivals].flatMap((position) => {
    const { point: key, builds, strategy, text, spec, settings } = options[position]!;
    const point = key === null ? undefined : ground.points.get(key);
    const question = questions.find((one) => one.text.method === text.method);
    if (!point?.measured || !question) return [];
    const protection = hybridProtection(hybridStrategy(strategy), question, spec, settings);
    return [wayOf(position, builds, { point, measured: point.measured }, protection !== null)];
  });
  return demand({ kind: 'hybrid', workload }, chosen, ground, ways);
}

type Costless = Omit<Way, 'cost'> & { readonly point: PointRecord };

/** A workload with its ways, all ranked by one figure. @param isSorted the order given is the order of preference */
function demand(
  of: Demand['of'],
  alone: string,
  { target, builds }: Ground,
  ways: readonly Costless[],
  { isSorted = true }: { readonly isSorted?: boolean } = {},
): readonly Demand[] {
  const ranking = rankingOf(
    target,
    ways.map(({ point }) => point),
  );
  const ranked = ways.map(({ point, ...way }): Way => {
    const keys = way.builds.length > 0 ? way.builds : [point.request.build];
    const own = keys.flatMap((key) => builds.get(key) ?? []);
    return { ...way, cost: rankingCost(ranking, way.alone, own)?.value ?? Infinity };
  });
  const [first, ...others] = isSorted ? ranked : ranked.toSorted((a, b) => a.cost - b.cost);
  return first ? [{ of, alone, ways: [first, ...others] }] : [];
}

function wayOf(
  option: number | null,
  builds: readonly string[],
  { point, measured }: { readonly point: PointRecord; readonly measured: Measured },
  canBeProtected: boolean,
): Costless {
  const request: PointRequest = { ...point.request, purpose: 'confirm' };
  return { option, builds, request, alone: measured, canBeProtected, point };
}
