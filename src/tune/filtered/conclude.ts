import { type StrategyCell, type StrategyFigures, strategyMap } from '../../analysis/index.js';
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
import { columnsOf, type FilteredCase, filteredStrategy } from '../../workloads/index.js';
import { pagesOf, unmetBounds } from '../shared/constraints.js';
import type { Explored } from './explored.js';
import { buildsOfOption, type Ranking, rankingCost, rankingOf, together } from '../shared/rank.js';
import type { FilteredSpace } from './space.js';

interface CaseEvidence {
  readonly explored: readonly Explored[];
  /** What was measured side by side, and the points in the same order. */
  readonly finals: readonly PointRequest[];
  readonly confirmed: readonly PointRecord[];
  /** What was measured before, one after the other. */
  readonly searched: readonly PointRecord[];
  readonly today: PointRecord | null;
  /** Of the run, by key. */
  readonly builds: ReadonlyMap<string, BuildRecord>;
}

/** What was found for one filter: each strategy with the figures to quote, and the cheapest that reaches the target. */
export function concludeCase(space: FilteredSpace, asked: FilteredCase, evidence: CaseEvidence): FilterAnswer {
  const { explored, finals, confirmed, searched, today, builds } = evidence;
  const points = new Map([...searched, ...confirmed].map((point) => [point.key, point]));
  const options = explored.map(({ option, final }): FilterOption => {
    const point = final ? confirmed[finals.indexOf(final)] : undefined;
    if (!point) return option;
    if (point.measured) return withBounds(space, { ...option, point: point.key }, point, builds);
    // It could not be repeated: what was seen once is no basis.
    return { ...option, outcome: planInstead(point.reason) ? 'another plan' : 'failed', why: point.reason };
  });
  const ranking = rankingOf(space.target, confirmed);
  const figures = options.map((option) =>
    figuresOf(option, option.point === null ? undefined : points.get(option.point), { ranking, builds }),
  );
  const cell: StrategyCell = { ...achievedOf(asked), measured: figures.filter((figure) => figure !== null) };
  const [choice] = strategyMap([{ correlation: 0, cells: [cell] }], space.target.recall)[0]!.cells;
  const positionOf = (figure: StrategyFigures): number => figures.indexOf(figure);
  const best = choice?.best ? positionOf(choice.best) : null;
  const { filters, ofQuery } = asked.question.matching;
  return {
    name: asked.name,
    filter: asked.filter,
    join: asked.join,
    example: filters[ofQuery[0]!]!,
    columns: columnsOfCase(asked),
    cell: asked.cell,
    achieved: {
      ...achievedOf(asked),
      correlation: Number.isNaN(asked.measure.correlation) ? null : asked.measure.correlation,
      ...(asked.measure.middleHalf.some(Number.isNaN) ? {} : { middleHalf: [...asked.measure.middleHalf] }),
      least: asked.measure.least,
      greatest: asked.measure.greatest,
      queries: asked.measure.queries,
      filters: new Set(ofQuery).size,
    },
    shortfalls: [...asked.shortfalls],
    options,
    rankedBy: ranking,
    best,
    rivals: (choice?.rivals ?? []).map(positionOf),
    today: today?.key ?? null,
  };
}

/** The columns that the filter and its join look at. */
function columnsOfCase({ filter, join, question }: FilteredCase): FilterAnswer['columns'] {
  const names = [...columnsOf(filter), ...(join ? [join.key, ...join.columns] : [])];
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
  const own = buildsOfOption(option, point, builds);
  if (!point.measured || own.length === 0) return option;
  const unmet = unmetBounds({ build: together(own), point, measured: point.measured }, { ...target, recall: 0 });
  return unmet.length === 0
    ? option
    : { ...option, outcome: 'misses', why: { code: 'bounds-unmet', data: { unmet: [...unmet] } } };
}

/** Null for what is no basis of a choice: forced plans, and what misses the target. */
function figuresOf(
  option: FilterOption,
  point: PointRecord | undefined,
  { ranking, builds }: { readonly ranking: Ranking; readonly builds: ReadonlyMap<string, BuildRecord> },
): StrategyFigures | null {
  if (!point?.measured || option.outcome !== 'reaches') return null;
  const cost = rankingCost(ranking, point.measured, buildsOfOption(option, point, builds));
  if (cost === null) return null;
  const { isApproximate, copies } = filteredStrategy(option.strategy);
  // The recall of an exact strategy is no estimate: its plan and its answers were checked.
  const recall = isApproximate ? point.measured.recall.mean : { value: 1, low: 1, high: 1 };
  // What copies data has to be shown to be cheaper than what does not.
  const tieBreak = [copies ? 1 : 0, pagesOf(point.measured)];
  return { strategy: keyOfStrategy(option), settings: option.settings, recall, cost, tieBreak };
}

/** The answer for all filters, with the selectivities at which the cheapest strategy of the grid changes. */
export function concludeRows(
  space: FilteredSpace,
  filters: readonly FilterAnswer[],
  points: ReadonlyMap<string, PointRecord>,
  builds: ReadonlyMap<string, BuildRecord>,
): FilteredAnswer {
  // One line of a chart is in one unit.
  const ranking = filters.some(({ rankedBy }) => rankedBy === 'p50') ? 'p50' : (filters[0]?.rankedBy ?? 'p50');
  const onGrid = filters.flatMap((answer) => (answer.cell ? [{ answer, cell: answer.cell }] : []));
  const correlations = [...new Set(onGrid.map(({ cell }) => cell.correlation))];
  const rows = correlations.map((correlation) => {
    const answers = onGrid.filter(({ cell }) => cell.correlation === correlation).map(({ answer }) => answer);
    // What was not looked at everywhere has no line to cross another.
    const isEverywhere = (option: FilterOption): boolean =>
      answers.every(({ options }) => options.some((other) => keyOfStrategy(other) === keyOfStrategy(option)));
    return {
      correlation,
      cells: answers.map((answer): StrategyCell => ({
        selectivity: answer.achieved.selectivity,
        correlation: answer.achieved.correlation ?? 0,
        measured: answer.options
          .filter(isEverywhere)
          .flatMap(
            (option) =>
              figuresOf(option, option.point === null ? undefined : points.get(option.point), { ranking, builds }) ??
              [],
          ),
      })),
    };
  });
  return {
    recall: space.target.recall,
    rows: space.rows,
    filters: [...filters],
    crossovers: strategyMap(rows, space.target.recall).flatMap(({ correlation, crossovers }) =>
      crossovers.map(({ below, above, ...crossover }) => ({
        ...crossover,
        correlation,
        below: strategyOf(below),
        above: strategyOf(above),
      })),
    ),
  };
}

/** One strategy on one kind of vector index is one line of the map. */
const keyOfStrategy = ({ strategy, spec }: FilterOption): string => `${strategy} ${spec.method}`;

function strategyOf(key: string | null): StrategyOn | null {
  const [strategy = '', method = ''] = key?.split(' ') ?? [];
  return key === null ? null : { strategy, method };
}
