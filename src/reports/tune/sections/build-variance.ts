import { canonicalJson } from '../../../canonical-json.js';
import { describeSettings, describeSpec } from '../../../indexes/index.js';
import type { BuildRecord, Measured, PointRecord } from '../../../results/index.js';
import { spreadOfBuilds } from '../../../tune/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { pointOf, type RunView } from '../run-view.js';
import { recallText } from '../../text/figures.js';

interface Repeated {
  readonly build: BuildRecord;
  readonly point: PointRecord;
  readonly measured: Measured[];
}

/** Points of several builds of one specification with the same settings. */
function repeatedPoints(run: RunView): readonly Repeated[] {
  const groups = new Map<string, Repeated>();
  for (const key of run.points.keys()) {
    const view = pointOf(run, key);
    if (!view?.measured || view.point.request.purpose !== 'confirm') continue;
    const { build, point, measured } = view;
    const { build: _, ...request } = point.request;
    const group = canonicalJson({ spec: build.request.spec, rows: build.request.rows ?? null, request });
    const found = groups.get(group);
    if (found) found.measured.push(measured);
    else groups.set(group, { build, point, measured: [measured] });
  }
  return [...groups.values()].filter(({ measured }) => measured.length > 1);
}

/** True when something was built more than once. */
export const knowsBuildVariance = (run: RunView): boolean => repeatedPoints(run).length > 0;

export function buildVarianceSection(run: RunView): string {
  const rows = repeatedPoints(run).map(({ build, point, measured }) => {
    const spread = spreadOfBuilds(measured);
    const recalls = measured.map(({ recall }) => recall.mean.value);
    return [
      escapeText(describeSpec(build.request.spec)),
      escapeText(describeSettings(point.request.settings)),
      String(spread.builds),
      `${Math.min(...recalls).toFixed(4)} … ${Math.max(...recalls).toFixed(4)}`,
      `${(100 * spread.recallSd).toFixed(2)} pp`,
      recallText(spread.recall),
      spread.buffersSd.toFixed(1),
    ];
  });
  if (rows.length === 0) return '';
  return [
    '## Build variance',
    'The same index built several times and asked the same queries with the same settings. *SD*: standard deviation between builds. ' +
      "*any build*: mean recall with a 95 % interval that covers another build as well (Student's t over the builds, so two or three builds give a wide one).",
    table(['index', 'settings', 'builds>', 'recall', 'SD>', 'any build', 'SD of buffers>'], rows),
  ].join('\n\n');
}
