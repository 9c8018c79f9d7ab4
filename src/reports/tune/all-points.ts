import type { PointRecord } from '../../results/index.js';
import { formatCount } from '../../units.js';
import { code, escapeText, table } from '../text/markdown.js';
import { comparison, COMPARISON_LEGEND, comparisonRow } from './comparison.js';
import { remarks } from './remarks.js';
import { describeBuild, pointOf, type PointView, type RunView } from './run-view.js';

/** Name of the appendix; the file is beside the report. */
export const ALL_POINTS_FILE = 'all_points.md';

/** `all_points.md`: every plain point of the run in the order of measurement; empty where there is none. */
export function allPoints(run: RunView): string {
  const views = [...run.points.keys()].flatMap((key) => pointOf(run, key) ?? []);
  if (views.length === 0) return '';
  const rows = views.map((view) => {
    const { point, build } = view;
    const choice = { spec: build.request.spec, settings: point.request.settings, build: build.key, point: point.key };
    const [purpose, , settings, ...figures] = comparisonRow(run, purposeText(point), choice, view);
    return [purpose ?? '', escapeText(describeBuild(run, build)), settings ?? '', queriesText(point), ...figures];
  });
  const [name = '', index = '', settings = '', ...figures] = comparison(run);
  const lost = views.filter(({ measured }) => !measured).length;
  const note = lost > 0 ? ` ${lost} of them are void or failed: they have a reason and no figures.` : '';
  return `${[
    `# All points: ${escapeText(run.manifest.dataset.name)}`,
    `${formatCount(views.length)} points of run ${code(run.manifest.run)}, in the order of measurement.${note} *search* points were measured one at a time; compare the times of *confirm* points only. *queries*: their positions in the run's random order. ${COMPARISON_LEGEND} The same as numbers: \`points.csv\`; raw samples: \`journal.ndjson\`.`,
    table([name, index, settings, 'queries', ...figures], rows),
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
const purposeText = ({ request, findings, fromRun }: PointRecord): string =>
  [
    request.purpose,
    ...(fromRun === undefined ? [] : [`of run ${code(fromRun)}`]),
    ...(findings.some(({ code }) => code === 'canary-moved') ? ['*machine changed*'] : []),
  ].join(', ');

function pointRemarks(run: RunView, views: readonly PointView[]): string {
  const text = remarks(
    run,
    views.flatMap(({ point }) => point.findings),
    'points',
  );
  return text === '' ? '' : `## Remarks\n\n${text}`;
}
