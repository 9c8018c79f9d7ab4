import type { FilterAnswer, FilteredAnswer, StrategyOn } from '../../../results/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import { escapeText, list, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { medianText, pointOfOption, settingsMarkdown, signed, strategyTitle, titleMarkdown } from './names.js';

/** Which strategy to use where, by selectivity and correlation. */
export function map(run: RunView, { filters }: FilteredAnswer): string {
  const onGrid = filters.filter(({ cell }) => cell !== null);
  const axis = (of: 'selectivity' | 'correlation'): readonly number[] =>
    [...new Set(onGrid.map(({ cell }) => cell![of]))].sort((a, b) => b - a);
  const correlations = axis('correlation').toReversed();
  const rows = axis('selectivity').map((selectivity) => [
    formatPercent(selectivity, selectivity < 0.01 ? 1 : 0),
    ...correlations.map((correlation) => {
      const found = onGrid.find(({ cell }) => cell!.selectivity === selectivity && cell!.correlation === correlation);
      return found ? cellText(run, found) : 'no such values';
    }),
  ]);
  return [
    '### The map',
    'By the share of the rows that the filter leaves, and how these lie to the query (1: all around it, 0: anywhere, −1: elsewhere; a mean over the queries, whose spread is told below). In brackets what the values that were drawn came to. Strategies are *as cheap* where blocks measured in alternation show the same cost: the one is named first that takes least beside (work, storage, time to build). *May differ in another run*: shown neither to cost the same nor to cost more; under work of others, a rival has to cost half as much again to be told apart. What copies data has to be shown to be cheaper.',
    table(['selectivity asked', ...correlations.map((value) => `correlation ${value}`)], rows),
  ].join('\n\n');
}

function cellText(run: RunView, filter: FilterAnswer): string {
  const best = filter.best === null ? undefined : filter.options[filter.best];
  const { selectivity, correlation } = filter.achieved;
  const achieved = `(${formatPercent(selectivity, selectivity < 0.01 ? 2 : 1)}, ${signed(correlation)})`;
  if (!best) return `**none reaches the target** ${achieved}`;
  const point = pointOfOption(run, best);
  const settings = settingsMarkdown(best);
  const titles = (positions: readonly number[]): string =>
    positions.map((i) => titleMarkdown(run, filter.options[i]!)).join(', ');
  const { undecided = [], loadMargin = 0 } = filter;
  const equals = filter.rivals.filter((i) => !undecided.includes(i));
  const rivals = [
    ...(equals.length > 0 ? [`as cheap: ${titles(equals)}`] : []),
    ...(undecided.length > 0 ? [`may differ in another run: ${titles(undecided)}`] : []),
    ...(loadMargin > 0 ? ['**measured beside other work**'] : []),
  ]
    .map((text) => `; ${text}`)
    .join('');
  return `**${titleMarkdown(run, best)}**${settings === '' ? '' : `, ${settings}`}, ${medianText(point)} ms ${achieved}${rivals}`;
}

/** Where along a correlation the choice changes. */
export function crossovers(run: RunView, { crossovers, rows }: FilteredAnswer): string {
  if (crossovers.length === 0) return '';
  const share = (value: number | null, otherwise: string): string =>
    value === null ? otherwise : `${Number((100 * value).toPrecision(2))} %`;
  return [
    'Where the choice changes:',
    list(
      crossovers.map(({ correlation, below, above, kind, selectivity: { value, low, high } }) => {
        const name = (found: StrategyOn | null): string =>
          found === null ? 'nothing that reaches the target' : `**${escapeText(strategyTitle(run, found))}**`;
        const between =
          kind === 'cost'
            ? `95 % interval ${share(low, 'below what was measured')} to ${share(high, 'above what was measured')}`
            : `somewhere from ${share(low, '0 %')} to ${share(high, '100 %')}: one of them missed the target on one side`;
        return `correlation ${correlation}: below ${share(value, '')} (${formatCount(Math.round(value * rows))} rows) ${name(below)}, above ${name(above)} (${between})`;
      }),
    ),
  ].join('\n\n');
}
