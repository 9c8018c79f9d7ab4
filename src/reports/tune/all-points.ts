import type { PointRecord } from '../../results/index.js';
import { formatCount } from '../../units.js';
import { code, escapeText, table } from '../text/markdown.js';
import { comparison, comparisonRow } from './comparison.js';
import { remarks } from './remarks.js';
import { describeBuild, pointOf, type PointView, type RunView } from './run-view.js';

/** Name of the appendix; the file is beside the report. */
export const ALL_POINTS_FILE = 'all_points.md';

/** `all_points.md`: every plain point of the run in the order of measurement; empty where there is none. */
export function allPoints(run: RunView): string {
  const views = [...run.points.keys()].flatMap((key) => pointOf(run, key) ?? []);
  if (views.length === 0) return '';
  const { allPoints: texts, evidence } = run.texts.sections;
  const rows = views.map((view) => {
    const { point, build } = view;
    const choice = { spec: build.request.spec, settings: point.request.settings, build: build.key, point: point.key };
    const [purpose, , settings, ...figures] = comparisonRow(run, purposeText(run, point), choice, view);
    return [purpose ?? '', escapeText(describeBuild(run, build)), settings ?? '', queriesText(point), ...figures];
  });
  const [name = '', index = '', settings = '', ...figures] = comparison(run);
  const lost = views.filter(({ measured }) => !measured).length;
  return `${[
    `# ${texts.title(escapeText(run.manifest.dataset.name))}`,
    texts.intro({ points: views.length, run: code(run.manifest.run), lost, legend: evidence.legend }),
    table([name, index, settings, texts.queries, ...figures], rows),
    pointRemarks(run, views),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

/** Which of the run's queries a point rests on: `334–1,000`. */
function queriesText({ request: { from = 0, queries } }: PointRecord): string {
  return `${formatCount(from + 1)}–${formatCount(from + queries)}`;
}

/** Why a point was measured; marked when it is another run's, and when the canary says that the machine changed meanwhile. */
function purposeText({ texts }: RunView, { request, findings, fromRun }: PointRecord): string {
  const { words, allPoints: own } = texts.sections;
  return [
    words.purpose[request.purpose],
    ...(fromRun === undefined ? [] : [own.ofRun(code(fromRun))]),
    ...(findings.some(({ code }) => code === 'canary-moved') ? [own.machineChanged] : []),
  ].join(', ');
}

function pointRemarks(run: RunView, views: readonly PointView[]): string {
  const text = remarks(
    run,
    views.flatMap(({ point }) => point.findings),
    'points',
  );
  return text === '' ? '' : `## ${run.texts.sections.allPoints.remarks}\n\n${text}`;
}
