import type { LiveGroup, LiveGroups, LiveRecall } from '../../../live/index.js';
import { printable } from '../../../printable.js';
import { recallText, shortQuantileText } from '../../../reports/index.js';
import { formatCount, formatPercent } from '../../../units.js';
import { aligned } from '../../aligned.js';
import type { Colors } from '../../style.js';
import { judgedLine } from './verdicts.js';

const LONGEST_VALUE = 40;

/** The recall of every group, worst first. */
export function groupLines(
  report: LiveRecall,
  by: LiveGroups,
  target: number | undefined,
  paint: Colors,
): readonly string[] {
  const { asked, verdict, sweep } = report;
  const { mean } = by;
  const counted = ['reached', 'inconclusive', 'not reached'].map(
    (shown) => by.groups.filter((group) => group.verdict === shown).length,
  );
  return [
    `${paint.bold(`Recall@${asked.k} ${recallText(mean.recall)}`)}, ${meanText(by)}`,
    ...judgedLine(
      verdict,
      target,
      paint,
      sweep ? `by every group, at some value of ${sweep.setting}` : 'by every group',
    ),
    ...(target === undefined
      ? []
      : [`  ${target} is reached by ${counted[0]} groups, undecided for ${counted[1]}, missed by ${counted[2]}`]),
    `Settings ${Object.entries(asked.settings)
      .map(([name, setting]) => `${name}=${setting}`)
      .join(', ')}`,
    `By ${by.by}${by.through.length > 0 ? `, through ${by.through.join(', ')}` : ''}: ${samplingText(by)}`,
    '',
    ...aligned([
      [
        'group',
        'rows',
        'n',
        'recall',
        'min',
        'rows lost',
        'p50',
        'p95',
        ...(target === undefined ? [] : [`reach ${target}`]),
        'plan',
      ],
      ...by.groups.map((group) => cells(group, target)),
    ]),
  ];
}

const meanText = ({ mean, strata }: LiveGroups): string =>
  strata === null
    ? `n = ${formatCount(mean.n)} queries of all groups`
    : `over all groups, from n = ${formatCount(mean.n)} of them`;

function samplingText({ found, skipped, strata, groups }: LiveGroups): string {
  const left = skipped > 0 ? `; ${formatCount(skipped)} with fewer than two vectors left out` : '';
  if (strata === null) return `all ${formatCount(found)} groups${left}`;
  const each = strata.map(
    ({ drawn, rows: [least, most] }) => `${drawn} of ${formatCount(least)} to ${formatCount(most)} rows`,
  );
  return `${formatCount(groups.length)} of ${formatCount(found)} groups, drawn at random: ${each.join(', ')}${left}`;
}

function cells({ value, rows, plan, measured, verdict }: LiveGroup, target: number | undefined): readonly string[] {
  const { recall, completeness, latencyMs, shareReached } = measured;
  const mark = verdict === 'not reached' ? ' missed' : '';
  return [
    groupName(value),
    formatCount(rows),
    String(recall.queries),
    `${recallText(recall.mean)}${mark}`,
    recall.min.toFixed(2),
    formatPercent(1 - completeness.mean),
    shortQuantileText(latencyMs.again, 0.5),
    shortQuantileText(latencyMs.again, 0.95),
    ...(target === undefined || !shareReached ? [] : [formatPercent(shareReached.value)]),
    plan.text,
  ];
}

/** A value of somebody's data, on one line. */
export function groupName(value: string | null): string {
  if (value === null) return 'NULL';
  const line = printable(value.replaceAll(/\s+/g, ' '));
  if (line === '') return "''";
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}
