import { describeSettings } from '../../indexes/index.js';
import type { Choice } from '../../results/index.js';
import { formatBytes, formatMs, formatPercent } from '../../units.js';
import { code, escapeText } from '../text/markdown.js';
import { latencyHeading, type PointView, reasonText, type RunView } from './run-view.js';
import { quantileText, recallCell } from '../text/figures.js';

/** Headings of a table of points, the first of which says what a point is here. */
export function comparison(run: RunView): readonly string[] {
  const { words, evidence } = run.texts.sections;
  return [
    '',
    words.index,
    words.settings,
    words.recall,
    evidence.minRecall,
    words.rows,
    latencyHeading(run, 'p50 ms'),
    latencyHeading(run, 'p95 ms'),
    `${words.buffers}>`,
    `${words.indexSize}>`,
    `${words.build}>`,
    words.plan,
  ];
}

/** A point as a row below {@link comparison}. */
export function comparisonRow(
  run: RunView,
  name: string,
  choice: Choice,
  view: PointView | undefined,
): readonly string[] {
  const { names, sections } = run.texts;
  const head = [name, escapeText(names.spec(choice.spec)), escapeText(describeSettings(choice.settings))];
  if (!view) return [...head, sections.words.notMeasured, '', '', '', '', '', '', '', ''];
  const { measured, build, point } = view;
  if (!measured)
    return [
      ...head,
      `**${sections.words.status[point.status]}**`,
      ...Array.from({ length: 7 }, () => ''),
      escapeText(reasonText(run, point.reason)),
    ];
  return [
    ...head,
    recallCell(run, measured.recall.mean, { isExact: choice.spec.method === 'none' }),
    `${measured.recall.min.toFixed(2)}, ${measured.recall.p5.toFixed(2)}`,
    formatPercent(measured.completeness.mean),
    quantileText(run, measured, 0.5),
    quantileText(run, measured, 0.95),
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
