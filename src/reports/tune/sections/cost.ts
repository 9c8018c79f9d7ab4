import { calibrate, type Calibration, costPoints } from '../../../analysis/index.js';
import { formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';

/** What a buffer costs in this run, by index kind and state of the caches. */
export type Costs = ReadonlyMap<string, Calibration>;

export const fitCosts = (run: RunView): Promise<Costs> => calibrate(costPoints(run.points.values(), run.builds));

export function costSection(costs: Costs): string {
  if (costs.size === 0) return '';
  const rows = [...costs].map(([group, fit]) => [
    escapeText(group),
    String(fit.points),
    `${milliseconds(1000 * fit.msPerBuffer)} ± ${milliseconds(1000 * fit.msPerBufferError)}`,
    `${milliseconds(fit.fixedMs)} ± ${milliseconds(fit.fixedMsError)}`,
    formatMs(fit.residualMs),
  ]);
  const below = [...costs.values()].some(({ fixedMs, fixedMsError }) => fixedMs + 2 * fixedMsError < 0);
  return [
    '## What a query costs',
    "The server's time of a query (median of a point's `EXPLAIN (ANALYZE)` sample) over its buffers: a straight line through the points of each kind of index. Buffers are the same on every machine; what they cost is not. " +
      '± is one standard error; *residual*: how far a point lies from the line, one standard deviation. A kind with fewer than three different points is left out.' +
      (below
        ? ' A line that begins below zero says that buffers are not all that its queries cost: IVFFlat compares every row of a list, however many lie on a page.'
        : ''),
    table(['', 'points>', 'ms per 1,000 buffers>', 'ms beside them>', 'residual>'], rows),
  ].join('\n\n');
}

const milliseconds = (value: number): string => String(Number(value.toPrecision(3)));
