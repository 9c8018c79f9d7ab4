import type { FilterAnswer, FilteredAnswer, StrategyOn } from '../../../results/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import { escapeText, list, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { medianMsText, pointOfOption, settingsMarkdown, signed, strategyTitle, titleMarkdown } from './names.js';

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
    'Rows: the share of the table that the filter leaves. Columns: the correlation of the filter with the query (1: the matching rows are all around it, 0: anywhere, −1: elsewhere), as a mean over the queries; its spread is given below. In brackets: the share and the correlation of the values that were drawn. *Same cost*: interleaved blocks show the same cost; of such strategies, the one that takes the fewest other resources (work, storage, build time) is named first. *May differ in another run*: shown neither to cost the same nor to cost more; on a busy machine, a rival must cost half as much again to be distinguished. A strategy that copies data is chosen only if it is shown to be cheaper.',
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
    ...(equals.length > 0 ? [`same cost: ${titles(equals)}`] : []),
    ...(undecided.length > 0 ? [`may differ in another run: ${titles(undecided)}`] : []),
    ...(loadMargin > 0 ? ['**measured on a busy machine**'] : []),
  ]
    .map((text) => `; ${text}`)
    .join('');
  return `**${titleMarkdown(run, best)}**${settings === '' ? '' : `, ${settings}`}, ${medianMsText(point)} ${achieved}${rivals}`;
}

/** Where along a correlation the choice changes. */
export function crossovers(run: RunView, { crossovers, rows }: FilteredAnswer): string {
  if (crossovers.length === 0) return '';
  const share = (value: number | null, otherwise: string): string =>
    value === null ? otherwise : `${Number((100 * value).toPrecision(2))} %`;
  return [
    'The choice changes at:',
    list(
      crossovers.map(({ correlation, below, above, kind, selectivity: { value, low, high } }) => {
        const name = (found: StrategyOn | null): string =>
          found === null ? 'nothing that reaches the target' : `**${escapeText(strategyTitle(run, found))}**`;
        const between =
          kind === 'cost'
            ? `95 % interval ${share(low, 'below what was measured')} to ${share(high, 'above what was measured')}`
            : `somewhere from ${share(low, '0 %')} to ${share(high, '100 %')}: one of the two missed the target on one side`;
        return `correlation ${correlation}: below ${share(value, '')} (${formatCount(Math.round(value * rows))} rows) ${name(below)}, above ${name(above)} (${between})`;
      }),
    ),
  ].join('\n\n');
}
