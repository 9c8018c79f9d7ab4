import { calibrate, type Calibration, costPoints } from '../../../analysis/index.js';
import { formatMs } from '../../../units.js';
import { escapeText, table } from '../../text/markdown.js';
import type { RunView } from '../run-view.js';

/** What a buffer costs in this run, by index kind and state of the caches. */
export type Costs = ReadonlyMap<string, Calibration>;

export const fitCosts = (run: RunView): Promise<Costs> => calibrate(costPoints(run.points.values(), run.builds));

export function costSection({ texts }: RunView, costs: Costs): string {
  const { cost } = texts.sections;
  const clear = [...costs].filter(([, { msPerBuffer, msPerBufferError }]) => msPerBufferError <= Math.abs(msPerBuffer));
  if (clear.length === 0) return '';
  const rows = clear.map(([group, fit]) => [
    escapeText(texts.names.group(group)),
    String(fit.points),
    withError(1000 * fit.msPerBuffer, 1000 * fit.msPerBufferError),
    withError(fit.fixedMs, fit.fixedMsError),
    formatMs(fit.residualMs),
  ]);
  const below = clear.some(([, { fixedMs, fixedMsError }]) => fixedMs + 2 * fixedMsError < 0);
  return [
    `## ${cost.heading}`,
    cost.intro(below),
    table(['', `${cost.points}>`, `${cost.slope}>`, `${cost.fixed}>`, `${cost.residual}>`], rows),
  ].join('\n\n');
}

/** A figure that its error exceeds says nothing. */
const withError = (value: number, error: number): string =>
  error > Math.abs(value) ? '–' : `${milliseconds(value)} ± ${milliseconds(error)}`;

const milliseconds = (value: number): string => String(Number(value.toPrecision(3)));
