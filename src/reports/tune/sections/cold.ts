import { describeSettings } from '../../../indexes/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { reasonText, latencyHeading, pointOf, type PointView, type RunView, tuneAnswer } from '../run-view.js';
import { quantileText } from '../../text/figures.js';

/** What the first queries after a restart meet, and those for which memory is too small. */
export function coldSection(run: RunView): string {
  const keys = tuneAnswer(run)?.cold ?? [];
  const views = keys.flatMap((key) => pointOf(run, key) ?? []);
  if (views.length === 0) return '';
  const { words, cold } = run.texts.sections;
  return [
    `## ${cold.heading}`,
    cold.intro,
    table(
      [
        words.index,
        words.settings,
        latencyHeading(run, 'p50 ms'),
        latencyHeading(run, 'p95 ms'),
        `${words.buffers}>`,
        `${cold.read}>`,
        latencyHeading(run, cold.warmP50),
      ],
      views.map((view) => row(run, view)),
    ),
  ].join('\n\n');
}

function row(run: RunView, { point, build, measured }: PointView): readonly string[] {
  const { names, sections } = run.texts;
  const head = [escapeText(names.spec(build.request.spec)), escapeText(describeSettings(point.request.settings))];
  if (!measured)
    return [
      ...head,
      `**${sections.words.status[point.status]}**`,
      escapeText(reasonText(run, point.reason)),
      '',
      '',
      '',
    ];
  const warm = warmTwin(run, point.request);
  return [
    ...head,
    quantileText(run, measured, 0.5),
    quantileText(run, measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    measured.buffers.meanRead.toFixed(0),
    warm ? quantileText(run, warm, 0.5) : '–',
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
