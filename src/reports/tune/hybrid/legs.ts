import type { HybridAnswer, PointRecord } from '../../../results/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { latencyHeading, reasonText, type RunView } from '../run-view.js';
import { quantileText, recallCell } from '../../text/figures.js';
import { pointOfOption } from './names.js';

/** The legs of the recommendation alone. */
export function hybridLegsPart(run: RunView, { legs: keys, best, options }: HybridAnswer): string {
  const whole = best === null ? undefined : pointOfOption(run, options[best]!);
  const { words, hybridSections: texts } = run.texts.sections;
  const rows = (
    [
      [texts.vectorLeg, keys.vector],
      [texts.textLeg, keys.text],
    ] as const
  ).flatMap(([name, key]) => {
    const point = key === null ? undefined : run.workloadPoints.get(key);
    return point ? [legRow(run, texts.legRows(name, point.request.workload.k), point)] : [];
  });
  if (rows.length === 0 || !whole) return '';
  return [
    `### ${texts.legs}`,
    texts.legsIntro,
    table(
      ['', latencyHeading(run, 'p50 ms'), latencyHeading(run, 'p95 ms'), `${words.buffers}>`, texts.exactLegRows],
      [...rows, legRow(run, texts.whole, whole)],
    ),
  ].join('\n\n');
}

function legRow(run: RunView, name: string, { request, measured, status, reason }: PointRecord): readonly string[] {
  if (!measured)
    return [name, `${run.texts.sections.words.status[status]}: ${escapeText(reasonText(run, reason))}`, '', '', ''];
  return [
    name,
    quantileText(run, measured, 0.5),
    quantileText(run, measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    recallCell(run, measured.recall.mean, { isExact: run.builds.get(request.build)?.request.spec.method === 'none' }),
  ];
}
