import type { FilterAnswer, FilteredAnswer, StrategyOn } from '../../../results/index.js';
import { formatPercent } from '../../../units.js';
import { escapeText, list, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { medianMsText, pointOfOption, settingsMarkdown, signed, strategyTitle, titleMarkdown } from './names.js';

/** Which strategy to use where, by selectivity and correlation. */
export function map(run: RunView, { filters }: FilteredAnswer): string {
  const { filtered: texts } = run.texts.sections;
  const onGrid = filters.filter(({ cell }) => cell !== null);
  const axis = (of: 'selectivity' | 'correlation'): readonly number[] =>
    [...new Set(onGrid.map(({ cell }) => cell![of]))].sort((a, b) => b - a);
  const correlations = axis('correlation').toReversed();
  const rows = axis('selectivity').map((selectivity) => [
    formatPercent(selectivity, selectivity < 0.01 ? 1 : 0),
    ...correlations.map((correlation) => {
      const found = onGrid.find(({ cell }) => cell!.selectivity === selectivity && cell!.correlation === correlation);
      return found ? cellText(run, found) : texts.noSuchValues;
    }),
  ]);
  return [
    `### ${texts.map}`,
    texts.mapIntro,
    table([texts.selectivityAsked, ...correlations.map((value) => texts.correlation(value))], rows),
  ].join('\n\n');
}

function cellText(run: RunView, filter: FilterAnswer): string {
  const best = filter.best === null ? undefined : filter.options[filter.best];
  const { selectivity, correlation } = filter.achieved;
  const { filtered: texts } = run.texts.sections;
  const achieved = `(${formatPercent(selectivity, selectivity < 0.01 ? 2 : 1)}, ${signed(run, correlation)})`;
  if (!best) return `${texts.noneReaches} ${achieved}`;
  const point = pointOfOption(run, best);
  const settings = settingsMarkdown(best);
  const titles = (positions: readonly number[]): string =>
    positions.map((i) => titleMarkdown(run, filter.options[i]!)).join(', ');
  const { undecided = [], loadMargin = 0 } = filter;
  const equals = filter.rivals.filter((i) => !undecided.includes(i));
  const rivals = [
    ...(equals.length > 0 ? [texts.sameCost(titles(equals))] : []),
    ...(undecided.length > 0 ? [texts.mayDiffer(titles(undecided))] : []),
    ...(loadMargin > 0 ? [texts.busyMachine] : []),
  ]
    .map((text) => `; ${text}`)
    .join('');
  return `**${titleMarkdown(run, best)}**${settings === '' ? '' : `, ${settings}`}, ${medianMsText(run, point)} ${achieved}${rivals}`;
}

/** Where along a correlation the choice changes. */
export function crossovers(run: RunView, { crossovers, rows }: FilteredAnswer): string {
  if (crossovers.length === 0) return '';
  const { filtered: texts } = run.texts.sections;
  const share = (value: number | null, otherwise: string): string =>
    value === null ? otherwise : `${Number((100 * value).toPrecision(2))} %`;
  return [
    texts.changesAt,
    list(
      crossovers.map(({ correlation, below, above, kind, selectivity: { value, low, high } }) => {
        const name = (found: StrategyOn | null): string =>
          found === null ? texts.nothingReaches : `**${escapeText(strategyTitle(run, found))}**`;
        const between =
          kind === 'cost'
            ? texts.costCrossing(share(low, texts.belowMeasured), share(high, texts.aboveMeasured))
            : texts.reachCrossing(share(low, '0 %'), share(high, '100 %'));
        return texts.crossover({
          correlation,
          share: share(value, ''),
          rows: Math.round(value * rows),
          below: name(below),
          above: name(above),
          between,
        });
      }),
    ),
  ].join('\n\n');
}
