import { describeSettings, describeSpec } from '../../indexes/index.js';
import type { Choice } from '../../results/index.js';
import { formatBytes, formatMs, formatPercent } from '../../units.js';
import { code, escapeText } from '../text/markdown.js';
import { latencyHeading, type PointView, reasonText, type RunView } from './run-view.js';
import { quantileText, recallCell } from '../text/figures.js';

/** Headings of a table of points, the first of which says what a point is here. */
export const comparison = (run: RunView): readonly string[] => [
  '',
  'index',
  'settings',
  'recall [95 %]',
  'min, p5 recall',
  'rows',
  latencyHeading(run, 'p50 ms'),
  latencyHeading(run, 'p95 ms'),
  'buffers>',
  'index size>',
  'build>',
  'plan',
];

/** What the columns mean that do not say it themselves. */
export const COMPARISON_LEGEND =
  '*min, p5 recall*: the lowest recall of a query, and the 5th percentile over queries. *rows*: rows returned over rows that exist. ' +
  '*plan*: the node and the index that served the queries, and how often the plan was checked.';

/** A point as a row below {@link comparison}. */
export function comparisonRow(
  run: RunView,
  name: string,
  choice: Choice,
  view: PointView | undefined,
): readonly string[] {
  const head = [name, escapeText(describeSpec(choice.spec)), escapeText(describeSettings(choice.settings))];
  if (!view) return [...head, 'not measured', '', '', '', '', '', '', '', ''];
  const { measured, build, point } = view;
  if (!measured)
    return [...head, `**${point.status}**`, '', '', '', '', '', '', '', escapeText(reasonText(run, point.reason))];
  return [
    ...head,
    recallCell(measured.recall.mean, { isExact: choice.spec.method === 'none' }),
    `${measured.recall.min.toFixed(2)}, ${measured.recall.p5.toFixed(2)}`,
    formatPercent(measured.completeness.mean),
    quantileText(measured, 0.5),
    quantileText(measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    // Of another run's point the index was another one.
    build.index && point.fromRun === undefined ? formatBytes(build.index.bytes) : '–',
    build.index && point.fromRun === undefined ? formatMs(build.seconds * 1000) : '–',
    planText(view),
  ];
}

function planText({ measured }: PointView): string {
  if (!measured) return '';
  const { node, index, checks } = measured.plan;
  return `${escapeText(node)}${index ? ` ${code(index)}` : ''} (${checks}×)`;
}
