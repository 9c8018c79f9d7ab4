import { describeSettings, describeSpec } from '../../indexes/index.js';
import { formatBytes, formatMs } from '../../units.js';
import { escapeText, table } from '../text/markdown.js';
import { latencyHeading, pointOf, type PointView, quantileText, recallText, type RunView } from './run-view.js';

/** What could be chosen instead by somebody who weighs recall, time, size and build otherwise; empty for one choice. */
export function frontSection(run: RunView): string {
  const keys = run.answer?.kind === 'tune' ? run.answer.front : [];
  const views = keys
    .flatMap((key) => pointOf(run, key) ?? [])
    .filter((view): view is PointView & { measured: NonNullable<PointView['measured']> } => view.measured !== null)
    .sort((a, b) => a.measured.recall.mean.value - b.measured.recall.mean.value);
  if (views.length < 2) return '';
  return [
    '## What else could be chosen',
    'Of these none is better than another in recall, 95th percentile, size and build time at once, by more than 0.1 points of recall, 3 % of time or size, a quarter of the build. *search* points rest on fewer queries, and were not timed side by side.',
    table(
      ['index', 'settings', 'recall [95 %]', latencyHeading(run, 'p95 ms'), 'index size>', 'build>', ''],
      views.map(({ point, build, measured }) => [
        escapeText(describeSpec(build.request.spec)),
        escapeText(describeSettings(point.request.settings)),
        build.index ? recallText(measured.recall.mean) : 'every neighbour',
        quantileText(measured, 0.95),
        build.index ? formatBytes(build.index.bytes) : '–',
        build.index ? formatMs(1000 * build.seconds) : '–',
        point.request.purpose,
      ]),
    ),
  ].join('\n\n');
}
