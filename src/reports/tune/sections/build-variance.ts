import { canonicalJson } from '../../../canonical-json.js';
import { describeSettings } from '../../../indexes/index.js';
import { type Candidate, spreadOfBuilds, toCandidates } from '../../../tune/index.js';
import { escapeText, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';
import { recallText } from '../../text/figures.js';

/** Builds of one specification that were timed with the same settings, each with the recall that most of its queries show. */
function repeatedPoints(run: RunView): readonly (readonly Candidate[])[] {
  const points = [...run.points.values()];
  const timed = points.filter(({ request }) => request.purpose === 'confirm');
  const groups = new Map<string, Map<string, Candidate>>();
  for (const candidate of toCandidates(timed, run.builds, points)) {
    const { build, point } = candidate;
    const { build: _, queries: __, comparedWith: ___, ...request } = point.request;
    const group = canonicalJson({ spec: build.request.spec, rows: build.request.rows ?? null, request });
    groups.set(group, (groups.get(group) ?? new Map<string, Candidate>()).set(build.key, candidate));
  }
  return [...groups.values()].flatMap((builds) => (builds.size > 1 ? [[...builds.values()]] : []));
}

/** True when something was built more than once. */
export const knowsBuildVariance = (run: RunView): boolean => repeatedPoints(run).length > 0;

export function buildVarianceSection(run: RunView): string {
  const { names, sections } = run.texts;
  const { buildVariance, words } = sections;
  const rows = repeatedPoints(run).map((candidates) => {
    const { build, point } = candidates[0]!;
    const measured = candidates.map((one) => one.measured);
    const spread = spreadOfBuilds(measured);
    const recalls = measured.map(({ recall }) => recall.mean.value);
    return [
      escapeText(names.spec(build.request.spec)),
      escapeText(describeSettings(point.request.settings)),
      String(spread.builds),
      `${Math.min(...recalls).toFixed(4)} … ${Math.max(...recalls).toFixed(4)}`,
      `${(100 * spread.recallSd).toFixed(2)} ${buildVariance.points}`,
      recallText(spread.recall),
      spread.buffersSd.toFixed(1),
    ];
  });
  if (rows.length === 0) return '';
  return [
    `## ${buildVariance.heading}`,
    buildVariance.intro,
    table(
      [
        words.index,
        words.settings,
        `${buildVariance.builds}>`,
        buildVariance.recall,
        `${buildVariance.sd}>`,
        buildVariance.anyBuild,
        `${buildVariance.buffersSd}>`,
      ],
      rows,
    ),
  ].join('\n\n');
}
