import { describeSettings, describeSpec } from '../../../indexes/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { reasonText, latencyHeading, pointOf, type PointView, type RunView, tuneAnswer } from '../run-view.js';
import { quantileText } from '../../text/figures.js';

/** What the first queries after a restart meet, and those for which memory is too small. */
export function coldSection(run: RunView): string {
  const keys = tuneAnswer(run)?.cold ?? [];
  const views = keys.flatMap((key) => pointOf(run, key) ?? []);
  if (views.length === 0) return '';
  return [
    '## Cold caches',
    'Measured interleaved. Table and index were evicted from `shared_buffers` before every query; the cache of the operating system was not touched. *read*: buffers of a query that came from outside `shared_buffers`. *warm*: the same index and setting with warm caches.',
    table(
      [
        'index',
        'settings',
        latencyHeading(run, 'p50 ms'),
        latencyHeading(run, 'p95 ms'),
        'buffers>',
        'read>',
        latencyHeading(run, 'warm p50 ms'),
      ],
      views.map((view) => row(run, view)),
    ),
  ].join('\n\n');
}

function row(run: RunView, { point, build, measured }: PointView): readonly string[] {
  const head = [escapeText(describeSpec(build.request.spec)), escapeText(describeSettings(point.request.settings))];
  if (!measured) return [...head, `**${point.status}**`, escapeText(reasonText(run, point.reason)), '', '', ''];
  const warm = warmTwin(run, point.request);
  return [
    ...head,
    quantileText(measured, 0.5),
    quantileText(measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    measured.buffers.meanRead.toFixed(0),
    warm ? quantileText(warm, 0.5) : '–',
  ];
}

/** The same build and settings as they were concluded from. */
const warmTwin = (
  run: RunView,
  { build, settings }: PointView['point']['request'],
): PointView['measured'] | undefined =>
  [...run.points.values()].find(
    ({ request }) =>
      request.build === build &&
      request.cache === undefined &&
      request.purpose === 'confirm' &&
      JSON.stringify(request.settings) === JSON.stringify(settings),
  )?.measured;
