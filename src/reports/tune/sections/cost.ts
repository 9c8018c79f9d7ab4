import { calibrate, type Calibration, costPoints } from '../../../analysis/index.js';
import { formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';

/** What a buffer costs in this run, by index kind and state of the caches. */
export type Costs = ReadonlyMap<string, Calibration>;

export const fitCosts = (run: RunView): Promise<Costs> => calibrate(costPoints(run.points.values(), run.builds));

export function costSection(costs: Costs): string {
  const clear = [...costs].filter(([, { msPerBuffer, msPerBufferError }]) => msPerBufferError <= Math.abs(msPerBuffer));
  if (clear.length === 0) return '';
  const rows = clear.map(([group, fit]) => [
    escapeText(group),
    String(fit.points),
    withError(1000 * fit.msPerBuffer, 1000 * fit.msPerBufferError),
    withError(fit.fixedMs, fit.fixedMsError),
    formatMs(fit.residualMs),
  ]);
  const below = clear.some(([, { fixedMs, fixedMsError }]) => fixedMs + 2 * fixedMsError < 0);
  return [
    '## Cost per query',
    "A straight line through the points of each kind of index: the server's time per query (median of a point's `EXPLAIN (ANALYZE)` sample) against its buffers. Every machine reads the same number of buffers; how long a buffer takes differs. " +
      '± is one standard error; *residual* is the standard deviation of the points from the line. A kind with fewer than three different points is left out, and so is one whose slope is smaller than its error; –: a fixed cost smaller than its error.' +
      (below
        ? ' A fixed cost below zero means that time does not follow buffers alone: IVFFlat compares every row of a list, and the number of rows on a page varies.'
        : ''),
    table(['', 'points>', 'ms per 1,000 buffers>', 'fixed ms>', 'residual>'], rows),
  ].join('\n\n');
}

/** A figure that its error exceeds says nothing. */
const withError = (value: number, error: number): string =>
  error > Math.abs(value) ? '–' : `${milliseconds(value)} ± ${milliseconds(error)}`;

const milliseconds = (value: number): string => String(Number(value.toPrecision(3)));
