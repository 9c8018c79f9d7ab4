import { type StrategyCell, type StrategyFigures, strategyMap } from '../../analysis/index.js';
import {
  type FilterAnswer,
  type FilteredAnswer,
  type FilterOption,
  type PointRecord,
  type PointRequest,
  planInstead,
  type StrategyOn,
} from '../../results/index.js';
import { columnsOf, type FilteredCase, filteredStrategy } from '../../workloads/index.js';
import { latencyQuantile, pagesOf } from '../shared/constraints.js';
import type { Explored } from './explored.js';
import type { FilteredSpace } from './space.js';

interface CaseEvidence {
  readonly explored: readonly Explored[];
  /** What was measured side by side, and the points in the same order. */
  readonly finals: readonly PointRequest[];
  readonly confirmed: readonly PointRecord[];
  /** What was measured before, one after the other. */
  readonly searched: readonly PointRecord[];
  readonly today: PointRecord | null;
}

/** What was found for one filter: each strategy with the figures to quote, and the cheapest that reaches the target. */
export function concludeCase(space: FilteredSpace, asked: FilteredCase, evidence: CaseEvidence): FilterAnswer {
  const { explored, finals, confirmed, searched, today } = evidence;
  const points = new Map([...searched, ...confirmed].map((point) => [point.key, point]));
  const options = explored.map(({ option, final }): FilterOption => {
    const point = final ? confirmed[finals.indexOf(final)] : undefined;
    if (!point) return option;
    if (point.measured) return { ...option, point: point.key };
    // It could not be repeated: what was seen once is no basis.
    return { ...option, outcome: planInstead(point.reason) ? 'another plan' : 'failed', why: point.reason };
  });
  const figures = options.map((option) =>
    figuresOf(option, option.point === null ? undefined : points.get(option.point)),
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

/** Null for what is no basis of a choice: forced plans, and what misses the target. */
function figuresOf(option: FilterOption, point: PointRecord | undefined): StrategyFigures | null {
  const cost = point?.measured && latencyQuantile(point.measured, 0.5)?.estimate;
  if (!point?.measured || !cost || option.outcome !== 'reaches') return null;
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
): FilteredAnswer {
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
          .flatMap((option) => figuresOf(option, option.point === null ? undefined : points.get(option.point)) ?? []),
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
