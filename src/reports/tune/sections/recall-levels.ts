import { latencyQuantile } from '../../../analysis/index.js';
import { describeSettings } from '../../../indexes/index.js';
import type { Measured } from '../../../results/index.js';
import { quantileText, recallText } from '../../text/figures.js';
import { escapeText, table } from '../../text/markdown.js';
import { describeBuild, latencyHeading, pointOf, type PointView, type RunView } from '../run-view.js';

/** The levels at which the field compares indexes. */
const LEVELS = [0.9, 0.95, 0.99];

type MeasuredView = PointView & { readonly measured: Measured };

/** Of each index, its fastest settings at usual levels of recall; empty where no index has settings to choose from. */
export function recallLevelsSection(run: RunView): string {
  const byIndex = new Map<string, MeasuredView[]>();
  for (const key of run.points.keys()) {
    const view = pointOf(run, key);
    // Points of a subset of the rows, or of caches that were emptied, do not compare with the others.
    if (!view?.measured || view.build.request.rows !== undefined || view.point.request.cache !== undefined) continue;
    const index = describeBuild(run, view.build);
    byIndex.set(index, [...(byIndex.get(index) ?? []), { ...view, measured: view.measured }]);
  }
  const indexes = [...byIndex].filter(([, views]) => new Set(views.map(settingsOf)).size > 1);
  if (indexes.length === 0) return '';
  const { recallLevels, words } = run.texts.sections;
  return [
    `## ${recallLevels.heading}`,
    recallLevels.intro,
    table(
      [words.index, ...LEVELS.map((level) => latencyHeading(run, recallLevels.level(level.toFixed(2))))],
      indexes.map(([index, views]) => [escapeText(index), ...LEVELS.map((level) => cell(run, views, level))]),
    ),
  ].join('\n\n');
}

function cell(run: RunView, views: readonly MeasuredView[], level: number): string {
  const reaching = views.filter(
    ({ measured }) => measured.recall.mean.value >= level && medianOf({ measured }) !== undefined,
  );
  // What was measured side by side says more than what the search saw alone.
  const confirmed = reaching.filter(({ point }) => point.request.purpose === 'confirm');
  const best = (confirmed.length > 0 ? confirmed : reaching).toSorted((a, b) => medianOf(a)! - medianOf(b)!)[0];
  if (!best) return '–';
  const { recallLevels, words } = run.texts.sections;
  const { purpose } = best.point.request;
  const settings = `${settingsOf(best)}${purpose === 'confirm' ? '' : `, *${words.purpose[purpose]}*`}`;
  return recallLevels.cell(quantileText(run, best.measured, 0.5), recallText(best.measured.recall.mean), settings);
}

const settingsOf = ({ point }: PointView): string => escapeText(describeSettings(point.request.settings));

const medianOf = ({ measured }: Pick<MeasuredView, 'measured'>): number | undefined =>
  latencyQuantile(measured, 0.5)?.estimate?.value;
