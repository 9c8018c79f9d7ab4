import { describeSettings, describeSpec } from '../../../indexes/index.js';
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
  return [
    '## Alternatives',
    'The Pareto front over recall, p95, index size and build time. Differences count from 0.1 percentage points of recall, 3 % of p95 or size, and 25 % of build time. *search* points rest on fewer queries and were measured one at a time.',
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
