import { describeSettings } from '../../../indexes/index.js';
import { formatBytes, formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import { latencyHeading, pointOf, type PointView, type RunView, tuneAnswer } from '../run-view.js';
import { quantileText, recallText } from '../../text/figures.js';

/** What could be chosen instead by somebody who weighs recall, time, size and build otherwise; empty for one choice. */
export function alternativesSection(run: RunView): string {
  const keys = tuneAnswer(run)?.front ?? [];
  const views = keys
    .flatMap((key) => pointOf(run, key) ?? [])
    .filter((view): view is PointView & { measured: NonNullable<PointView['measured']> } => view.measured !== null)
    .sort((a, b) => a.measured.recall.mean.value - b.measured.recall.mean.value);
  if (views.length < 2) return '';
  const { names, sections } = run.texts;
  const { alternatives, words } = sections;
  return [
    `## ${alternatives.heading}`,
    alternatives.intro,
    table(
      [
        words.index,
        words.settings,
        words.recall,
        latencyHeading(run, 'p95 ms'),
        `${words.indexSize}>`,
        `${words.build}>`,
        words.measured,
      ],
      views.map(({ point, build, measured }) => [
        escapeText(names.spec(build.request.spec)),
        escapeText(describeSettings(point.request.settings)),
        build.index ? recallText(measured.recall.mean) : alternatives.everyNeighbour,
        quantileText(run, measured, 0.95),
        build.index ? formatBytes(build.index.bytes) : '–',
        build.index ? formatMs(1000 * build.seconds) : '–',
        words.purpose[point.request.purpose],
      ]),
    ),
  ].join('\n\n');
}
