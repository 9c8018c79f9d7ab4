import { type PointView, reasonText, recallText, type RunView, shortQuantileText } from '../reports/index.js';
import type { Estimate } from '../results/index.js';
import { formatBytes, formatMs } from '../units.js';

/**
 * The figures of a point on one line, or why it has none.
 *
 * @param recall shown instead of the point's own
 */
export function pointLine(run: RunView, view: PointView | undefined, recall?: Estimate): string {
  if (!view) return 'not measured';
  const { measured, point, build } = view;
  if (!measured) return `${point.status}: ${reasonText(run, point.reason)}`;
  const mean = recall ?? measured.recall.mean;
  const size = build.index ? `, ${formatBytes(build.index.bytes)}, built in ${formatMs(build.seconds * 1000)}` : '';
  const found = build.request.spec.method === 'none' ? 'recall 1 (exact)' : `recall ${recallText(mean)}`;
  const moved = point.findings.some(({ code }) => code === 'canary-moved')
    ? '; the machine changed during the measurement'
    : '';
  return `${found}, p50 ${shortQuantileText(measured.latencyMs, 0.5)}, p95 ${shortQuantileText(measured.latencyMs, 0.95)} on ${run.manifest.server.label}${size}${moved}`;
}
