import { crossover } from '../../analysis/index.js';
import { storedColumn } from '../../json-path.js';
import {
  type BuildRecord,
  type FilterAnswer,
  type FilteredAnswer,
  type FilterOption,
  type PointRecord,
  type PointRequest,
  planInstead,
  type StrategyOn,
} from '../../results/index.js';
import { columnsOf, columnsOfJoin, type FilteredCase, returnForm } from '../../workloads/index.js';
import { compareCost } from '../plain/compare-costs.js';
import type { Explored } from './explored.js';
import { type Finalist, finalistOf, rankFinalists } from './finalists.js';
import { buildsOfOption, rankingOf, unmetTogether } from '../common/rank.js';
import type { FilteredSpace } from './space.js';

interface CaseEvidence {
  readonly explored: readonly Explored[];
  /** What was measured side by side, and the points in the same order. */
  readonly finals: readonly PointRequest[];
  readonly confirmed: readonly PointRecord[];
  readonly today: PointRecord | null;
  /** Of the run, by key. */
  readonly builds: ReadonlyMap<string, BuildRecord>;
}

/** What was found for one filter, and what further comparisons need of it. */
export interface Concluded {
  readonly answer: FilterAnswer;
  /** Measured side by side. */
  readonly finalists: readonly Finalist[];
  readonly best: Finalist | null;
  readonly explored: readonly Explored[];
}

/** What was found for one filter: each strategy with the figures to quote, and the cheapest that reaches the target. */
export function concludeCase(space: FilteredSpace, asked: FilteredCase, evidence: CaseEvidence): Concluded {
  const { explored, finals, confirmed, today, builds } = evidence;
  const options = explored.map(({ option, final }): FilterOption => {
    const point = final ? confirmed[finals.indexOf(final)] : undefined;
    if (!point) return option;
    if (point.measured) return withBounds(space, { ...option, point: point.key }, point, builds);
    // It could not be repeated: what was seen once is no basis.
    return { ...option, outcome: planInstead(point.reason) ? 'another plan' : 'failed', why: point.reason };
  });
  const points = new Map(confirmed.map((point) => [point.key, point]));
  const finalists = options.flatMap((option, position) => {
    const point = option.point === null ? undefined : points.get(option.point);
    return finalistOf(option, position, { point, builds }) ?? [];
  });
  const { metric, queries } = asked.question;
  const ranked = rankFinalists(space, finalists, { metric, dimensions: queries.dimensions });
  const positionsOf = (of: readonly Finalist[]): number[] => of.map(({ position }) => position);
  const { filters, ofQuery } = asked.question.matching;
  const answer: FilterAnswer = {
    name: asked.name,
    filter: asked.filter,
    join: asked.join,
    ...(asked.returns ? { returns: asked.returns } : {}),
    example: filters[ofQuery[0]!]!,
    columns: columnsOfCase(asked),
    cell: asked.cell,
    achieved: {
      ...achievedOf(asked),
      correlation: Number.isNaN(asked.measure.correlation) ? null : asked.measure.correlation,
      ...(Number.isNaN(asked.measure.median)
        ? {}
        : { median: asked.measure.median, middleHalf: [...asked.measure.middleHalf] }),
      min: asked.measure.min,
      max: asked.measure.max,
      queries: asked.measure.queries,
      filters: new Set(ofQuery).size,
    },
    shortfalls: [...asked.shortfalls],
    options,
    rankedBy: rankingOf(space.target, confirmed),
    best: ranked.best?.position ?? null,
    rivals: positionsOf(ranked.rivals),
    undecided: positionsOf(ranked.undecided),
    ...(ranked.loadMargin > 0 ? { loadMargin: ranked.loadMargin } : {}),
    today: today?.key ?? null,
  };
  return { answer, finalists, best: ranked.best, explored };
}

/** The columns that the filter and its join look at. */
function columnsOfCase({ filter, join, returns, question }: FilteredCase): FilterAnswer['columns'] {
  const names = [
    ...columnsOf(filter),
    ...columnsOfJoin(join),
    ...(returns ? returnForm(returns, question.k).columns.map(storedColumn) : []),
  ];
  return question.columns.filter(({ name }) => names.includes(name));
}

const achievedOf = ({ measure: { selectivity, correlation } }: FilteredCase) => ({ selectivity, correlation });

/** An option with its final point; it misses the target where a bound on time or on all its indexes is not met. */
function withBounds(
  { target }: FilteredSpace,
  option: FilterOption,
  point: PointRecord,
  builds: ReadonlyMap<string, BuildRecord>,
): FilterOption {
  const { measured } = point;
  const unmet = measured ? unmetTogether(buildsOfOption(option, point, builds), { ...point, measured }, target) : [];
  return unmet.length === 0
    ? option
    : { ...option, outcome: 'misses', why: { code: 'bounds-unmet', data: { unmet: [...unmet] } } };
}

/** The answer for all filters, with the selectivities at which the cheapest strategy of the grid changes. */
export const concludeRows = (
  space: FilteredSpace,
  concluded: readonly Concluded[],
  changes: readonly Change[],
): FilteredAnswer => ({
  recall: space.target.recall,
  rows: space.rows,
  filters: concluded.map(({ answer }) => answer),
  crossovers: changes.map((change) => crossoverOf(space, change)),
});

/** Where the best strategy is another than at the next place of the grid, and who was measured side by side where. */
export interface Change {
  /** As asked. */
  readonly correlation: number;
  /** The places on either side: the more selective filter first. */
  readonly between: readonly [Concluded, Concluded];
  /** The best of the one and of the other, wherever both were measured side by side. */
  readonly pairs: readonly {
    readonly selectivity: number;
    readonly below: Finalist;
    readonly above: Finalist;
  }[];
}

function crossoverOf(
  { target }: FilteredSpace,
  { correlation, between, pairs }: Change,
): FilteredAnswer['crossovers'][number] {
  const [left, right] = between;
  const [low, high] = between.map(({ answer }) => answer.achieved.selectivity) as [number, number];
  const ratios = pairs.flatMap(({ selectivity, below, above }) => {
    const { ratio, low: least, high: most } = compareCost(above, below, target.minimise);
    return ratio === null || ratio === 0
      ? []
      : [{ selectivity, ratio: { value: ratio, low: least > 0 ? least : null, high: most } }];
  });
  const found = crossover(low, high, ratios);
  return {
    correlation,
    below: strategyOf(left.best),
    above: strategyOf(right.best),
    kind: found ? 'cost' : 'reach',
    selectivity: found ?? { value: Math.sqrt(low * high), low, high },
  };
}

/** One strategy on one kind of vector index is one line of the map. */
export const lineOf = ({ strategy, spec }: Pick<FilterOption, 'strategy' | 'spec'>): string =>
  `${strategy} ${spec.method}`;

const strategyOf = (finalist: Finalist | null): StrategyOn | null =>
  finalist && { strategy: finalist.option.strategy, method: finalist.option.spec.method };
