import type { FilterAnswer, FilterOption, Measured } from '../../../results/index.js';
import { formatBytes, formatCount, formatMs, formatPercent } from '../../../units.js';
import { filteredStrategy, stepsOf } from '../../../workloads/index.js';
import { textOf } from '../../text/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { remarks } from '../remarks.js';
import { planScans, type RunView } from '../run-view.js';
import { quantileText, recallCell } from '../../text/figures.js';
import {
  exampleText,
  filterName,
  medianText,
  obstacleText,
  optionTitle,
  pointOfOption,
  settingsMarkdown,
  signed,
  titleMarkdown,
} from './names.js';

/** Strategies that take a copy of the table were perhaps not looked at for every filter. */
export function seldomLookedAt(run: RunView, filters: readonly FilterAnswer[]): string {
  const counts = new Map<string, number>();
  for (const option of filters.flatMap(({ options }) => options)) {
    const title = optionTitle(run, option);
    if (filteredStrategy(option.strategy).copies === 'table') counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  const some = [...counts].filter(([, count]) => count < filters.length).map(([title]) => escapeText(title));
  if (some.length === 0) return '';
  return run.texts.sections.filtered.seldom(some);
}

function headings({ texts }: RunView): readonly string[] {
  const { words, filtered } = texts.sections;
  return [
    words.strategy,
    words.settings,
    words.recall,
    words.rows,
    'p50 ms>',
    'p95 ms>',
    `${filtered.buffers}>`,
    `${filtered.thrownAway}>`,
    `${words.indexes}>`,
    `${words.build}>`,
    words.plan,
  ];
}

/** What was found for one filter, a row a strategy. */
export function filterDetails(run: RunView, filter: FilterAnswer): string {
  const { achieved, options, best } = filter;
  const { selectivity, min, max, queries, filters } = achieved;
  const percent = (share: number): string => formatPercent(share, share < 0.01 ? 2 : 1);
  const { filtered: texts } = run.texts.sections;
  const { join } = filter;
  const facts = [
    texts.leaves(percent(selectivity), percent(min), percent(max)),
    correlationText(run, filter.achieved),
    texts.filters(queries, filters),
    ...stepsOf(join).map(({ table: name, key }) => texts.joined(escapeText(name), escapeText(key))),
  ];
  const rows = options.flatMap((option, i) =>
    option.outcome === 'unsuited' ? [] : [optionRow(run, option, i === best)],
  );
  const unsuited = options.flatMap((option) =>
    option.outcome === 'unsuited'
      ? [`${titleMarkdown(run, option)} (${escapeText(obstacleText(run, option.why).replace(/\.$/, ''))})`]
      : [],
  );
  return [
    `#### ${escapeText(filterName(run, filter))}: ${escapeText(exampleText(filter))}`,
    `${facts.join('; ')}.${filter.shortfalls.map((fact) => ` ${escapeText(textOf(run.texts.filterShortfalls, fact))}`).join('')}`,
    table(headings(run), rows),
    ...options.flatMap((option) => largeClasses(run, option)),
    ...(unsuited.length > 0 ? [texts.notApplicable(unsuited)] : []),
  ].join('\n\n');
}

/** From how many rows on classes have an index, where a strategy asks that. */
function largeClasses(run: RunView, option: FilterOption): readonly string[] {
  const workload = pointOfOption(run, option)?.request.workload;
  if (workload?.kind !== 'filtered' || workload.exactBelowRows === undefined) return [];
  return [run.texts.sections.filtered.largeClasses(titleMarkdown(run, option), formatCount(workload.exactBelowRows))];
}

/** The median lies within its middle half, whatever the mean does: few queries at 1 outweigh many at −1. */
function correlationText(run: RunView, { correlation, median, middleHalf }: FilterAnswer['achieved']): string {
  const { filtered: texts } = run.texts.sections;
  const text = (value: number | null): string => signed(run, value);
  if (median === undefined || !middleHalf) return texts.correlation(text(correlation));
  const [low, high] = middleHalf;
  return texts.correlations(text(median), { low: text(low), high: text(high), mean: text(correlation) });
}

function optionRow(run: RunView, option: FilterOption, isBest: boolean): readonly string[] {
  const title = isBest ? `**${titleMarkdown(run, option)}**` : titleMarkdown(run, option);
  const point = pointOfOption(run, option);
  const measured = point?.measured;
  const builds = option.builds.flatMap((key) => run.builds.get(key) ?? []);
  const costs = [
    formatBytes(builds.reduce((sum, { index }) => sum + (index?.bytes ?? 0), 0)),
    formatMs(1000 * builds.reduce((sum, { seconds }) => sum + seconds, 0)),
  ];
  const why = escapeText(obstacleText(run, option.why));
  const { words, filtered: texts } = run.texts.sections;
  if (!measured)
    return [
      title,
      settingsMarkdown(option),
      `${words.outcome[option.outcome]}: ${why}`,
      '',
      '',
      '',
      '',
      '',
      '',
      '',
      '',
    ];
  const isForced = option.outcome === 'another plan';
  return [
    isForced ? texts.forced(title) : title,
    settingsMarkdown(option),
    recallOf(run, option, measured),
    formatPercent(measured.completeness.mean, 0),
    medianText(run, point),
    quantileText(run, measured, 0.95),
    buffersText(measured),
    measured.plan.rowsRemovedByFilter.toFixed(0),
    ...(builds.length > 0 ? costs : ['–', '–']),
    isForced
      ? texts.serverChooses(why)
      : `${planShares(run, measured.filtering?.plans ?? [])}${option.outcome === 'misses' ? `. ${why}` : ''}`,
  ];
}

const recallOf = (run: RunView, { strategy }: FilterOption, { recall }: Measured): string =>
  recallCell(run, recall.mean, { isExact: !filteredStrategy(strategy).isApproximate });

/** Work is skewed where classes are: a mean says little of most queries. */
function buffersText({ buffers: { mean, quantiles = [] } }: Measured): string {
  const others = quantiles.flatMap(({ estimate }) => (estimate ? [estimate.value.toFixed(0)] : []));
  return `${mean.value.toFixed(0)}${others.length > 0 ? ` (${others.join('; ')})` : ''}`;
}

/** How queries were served, with the share of each way where there are several. */
function planShares(run: RunView, plans: readonly { readonly scans: string; readonly queries: number }[]): string {
  const shares = new Map<string, number>();
  for (const { scans, queries } of plans) {
    const text = planScans(run, [{ scans }]);
    shares.set(text, (shares.get(text) ?? 0) + queries);
  }
  const all = [...shares.values()].reduce((sum, queries) => sum + queries, 0);
  if (shares.size === 1) return [...shares.keys()].join('');
  const { planShare } = run.texts.sections.filtered;
  return [...shares].map(([text, queries]) => planShare(text, queries, all)).join(', ');
}

/** What a reader must know beside the figures; missing rows are in the tables. */
export function remarksOn(run: RunView, filters: readonly FilterAnswer[]): string {
  const points = filters.flatMap(({ options }) => options.flatMap((option) => pointOfOption(run, option) ?? []));
  const text = remarks(
    run,
    points.flatMap(({ findings }) => findings.filter(({ code }) => code !== 'short-answers')),
    'points',
  );
  return text === '' ? '' : `${run.texts.sections.filtered.remarks}\n\n${text}`;
}
