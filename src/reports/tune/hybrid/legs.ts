import type { HybridAnswer, PointRecord } from '../../../results/index.js';
import { escapeText, table } from '../../text/markdown.js';
import { latencyHeading, reasonText, type RunView } from '../run-view.js';
import { quantileText, recallCell } from '../../text/figures.js';
import { pointOfOption } from './names.js';

/** The legs of the recommendation alone. */
export function hybridLegsPart(run: RunView, { legs: keys, best, options }: HybridAnswer): string {
  const whole = best === null ? undefined : pointOfOption(run, options[best]!);
  const rows = (
    [
      ['vector leg', keys.vector],
      ['text leg', keys.text],
    ] as const
  ).flatMap(([name, key]) => {
    const point = key === null ? undefined : run.workloadPoints.get(key);
    return point ? [legRow(run, `${name}, ${point.request.workload.k} rows`, point)] : [];
  });
  if (rows.length === 0 || !whole) return '';
  return [
    '### Cost of each leg',
    'The legs of the recommendation alone, at its depths, measured interleaved.',
    table(
      ['', latencyHeading(run, 'p50 ms'), latencyHeading(run, 'p95 ms'), 'buffers>', 'rows of the exact leg'],
      [...rows, legRow(run, 'the whole', whole)],
    ),
  ].join('\n\n');
}

function legRow(run: RunView, name: string, { request, measured, status, reason }: PointRecord): readonly string[] {
  if (!measured) return [name, `${status}: ${escapeText(reasonText(run, reason))}`, '', '', ''];
  return [
    name,
    quantileText(measured, 0.5),
    quantileText(measured, 0.95),
    measured.buffers.mean.value.toFixed(0),
    recallCell(measured.recall.mean, { isExact: run.builds.get(request.build)?.request.spec.method === 'none' }),
  ];
}
