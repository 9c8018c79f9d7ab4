import { shortHash } from '../../canonical-json.js';
import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { TrendView } from '../../nightly/index.js';
import { printable } from '../../printable.js';
import { figureText, signedPercent } from './figures.js';

const BARS = '▁▂▃▄▅▆▇█';

/** A series as a line of bars, as high as its values; one character a night. */
export function sparkline(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values
    .map((value) => BARS[high === low ? 3 : Math.round(((value - low) / (high - low)) * (BARS.length - 1))]!)
    .join('');
}

/** Nights that fit on a line. */
const MOST_NIGHTS = 40;

/** Each series on a line, and its change of level below it. */
export const historyLines = (trends: readonly TrendView[]): readonly string[] => trends.flatMap(linesOf);

function linesOf({
  figure,
  spec,
  settings,
  workload,
  nights,
  change,
  isWorse,
  isRecent,
}: TrendView): readonly string[] {
  const name = [
    describeSpec(spec),
    ...(workload.kind === 'plain' ? [] : [workload.strategy]),
    describeSettings(settings),
  ];
  const last = nights.at(-1)!;
  const values = nights.slice(-MOST_NIGHTS).map(({ value }) => value);
  const line = `${printable(name.join(', '))}: ${figure.padEnd(11)} ${sparkline(values)} ${figureText(figure, last.value)} (${nights.length} ${nights.length === 1 ? 'night' : 'nights'})`;
  if (!change) return [line];
  const { before, since, at, p } = change;
  return [
    line,
    `  ${isWorse ? 'worse' : 'better'} since ${printable(nights[at]!.run)}: ${figureText(figure, before)} → ${figureText(figure, since)} (${signedPercent(since / before - 1)}, p = ${p.toPrecision(2)}${isRecent ? '' : '; not recent'})`,
  ];
}

/**
 * All series as one table for Apache Otava: a column of times, then one a series; a night without a figure is an empty
 * cell. Names of columns hold only letters, digits, `_`, `.` and `-`.
 */
export function historyCsv(trends: readonly TrendView[]): string {
  const times = [...new Set(trends.flatMap(({ nights }) => nights.map(({ startedAt }) => startedAt)))].sort();
  const names = columnNames(trends);
  const values = trends.map(({ nights }) => new Map(nights.map(({ startedAt, value }) => [startedAt, value])));
  const lines = times.map((time) => [time, ...values.map((of) => String(of.get(time) ?? ''))].join(','));
  return `${[['time', ...names].join(','), ...lines].join('\n')}\n`;
}

/** Unique and, whatever else is in the folder, always the same: Otava is configured with them. */
const columnNames = (trends: readonly TrendView[]): readonly string[] =>
  trends.map(({ key, figure, spec, settings, workload }) => {
    const strategy = workload.kind === 'plain' ? [] : [workload.strategy];
    const plain = [describeSpec(spec), ...strategy, describeSettings(settings), figure]
      .join(' ')
      .replaceAll(/[^A-Za-z0-9_.-]+/g, '_')
      .replaceAll(/^_+|_+$/g, '');
    return `${plain}.${shortHash(key).slice(0, 8)}`;
  });
