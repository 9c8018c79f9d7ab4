import type { Estimate } from '../../results/index.js';
import type { SearchSettings } from '../../vocabulary.js';
import { type Crossover, crossovers } from './crossover.js';

/** A strategy with settings, as measured on the queries of one cell. */
export interface StrategyFigures {
  readonly strategy: string;
  readonly settings: SearchSettings;
  readonly recall: Estimate;
  /** In the unit of the map: milliseconds, or buffers. */
  readonly cost: Estimate;
  /** What decides where costs do not: the least, by the first of the numbers in which they differ. */
  readonly tieBreak: readonly number[];
}

/** Filters of one selectivity and one correlation, as achieved, and what was measured on them. */
export interface StrategyCell {
  readonly selectivity: number;
  readonly correlation: number;
  readonly measured: readonly StrategyFigures[];
}

/** What to do in a cell. */
export interface CellChoice {
  readonly selectivity: number;
  readonly correlation: number;
  /** The cheapest that is shown to reach the recall, and of several that may be, by their tie-breaks; null when none is. */
  readonly best: StrategyFigures | null;
  /** Other strategies, each at its cheapest, whose cost may just as well be the lowest: their intervals meet. */
  readonly rivals: readonly StrategyFigures[];
  /** Of each strategy that is not shown to reach the recall, the settings with the highest. */
  readonly misses: readonly StrategyFigures[];
}

/** The cells of one asked correlation, from the most selective filter to the least, and where the choice changes. */
export interface StrategyRow {
  /** As asked; the cells say what was achieved. */
  readonly correlation: number;
  readonly cells: readonly CellChoice[];
  readonly crossovers: readonly Crossover[];
}

/**
 * Which strategy to use where: in each cell the cheapest that reaches the target, and along each row the selectivities
 * at which that changes.
 *
 * @param rows cells by asked correlation
 * @param recall that must be reached by the lower end of the interval
 */
export const strategyMap = (
  rows: readonly { readonly correlation: number; readonly cells: readonly StrategyCell[] }[],
  recall: number,
): readonly StrategyRow[] =>
  rows.map(({ correlation, cells }) => {
    const sorted = cells.toSorted((a, b) => a.selectivity - b.selectivity);
    const curves = strategiesOf(sorted).map((strategy) => ({
      strategy,
      points: sorted.flatMap(({ selectivity, measured }) => {
        const cheapest = cheapestOf(
          measured.filter((figures) => figures.strategy === strategy && reaches(figures, recall)),
        );
        return cheapest ? [{ selectivity, cost: cheapest.cost }] : [];
      }),
    }));
    const choices = sorted.map((cell) => chooseInCell(cell, recall));
    return {
      correlation,
      cells: choices,
      crossovers: crossovers(
        curves,
        choices.map(({ selectivity, best }) => ({ selectivity, strategy: best?.strategy ?? null })),
      ),
    };
  });

function chooseInCell({ selectivity, correlation, measured }: StrategyCell, recall: number): CellChoice {
  const cheapest: StrategyFigures[] = [];
  const misses: StrategyFigures[] = [];
  for (const strategy of strategiesOf([{ measured }])) {
    const figures = measured.filter((candidate) => candidate.strategy === strategy);
    const choice = cheapestOf(figures.filter((candidate) => reaches(candidate, recall)));
    if (choice) cheapest.push(choice);
    else misses.push(figures.reduce((a, b) => (b.recall.value > a.recall.value ? b : a)));
  }
  const most = cheapestOf(cheapest)?.cost.high ?? Infinity;
  const alike = cheapest.filter(({ cost }) => (cost.low ?? 0) <= most).sort((a, b) => a.cost.value - b.cost.value);
  const best = alike.toSorted(byTieBreak)[0] ?? null;
  return { selectivity, correlation, best, rivals: alike.filter((candidate) => candidate !== best), misses };
}

function byTieBreak(a: StrategyFigures, b: StrategyFigures): number {
  const i = a.tieBreak.findIndex((value, at) => value !== b.tieBreak[at]);
  return i < 0 ? 0 : a.tieBreak[i]! - b.tieBreak[i]!;
}

const strategiesOf = (cells: readonly Pick<StrategyCell, 'measured'>[]): readonly string[] => [
  ...new Set(cells.flatMap(({ measured }) => measured.map(({ strategy }) => strategy))),
];

const reaches = (figures: StrategyFigures, recall: number): boolean => (figures.recall.low ?? 0) >= recall;

const cheapestOf = (candidates: readonly StrategyFigures[]): StrategyFigures | undefined =>
  candidates.toSorted((a, b) => a.cost.value - b.cost.value)[0];
