import { type PointView, reasonText, type RunView } from '../reports/index.js';
import type { Estimate } from '../results/index.js';
import { latencyQuantile } from '../tune/index.js';
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
  const quantile = (p: number): string => {
    const estimate = latencyQuantile(measured, p)?.estimate;
    return estimate ? formatMs(estimate.value) : 'unknown';
  };
  const size = build.index ? `, ${formatBytes(build.index.bytes)}, built in ${formatMs(build.seconds * 1000)}` : '';
  const found =
    build.request.spec.method === 'none'
      ? 'every neighbour'
      : `recall ${mean.value.toFixed(4)} [${(mean.low ?? 0).toFixed(4)}, ${(mean.high ?? 1).toFixed(4)}]`;
  const moved = point.findings.some(({ code }) => code === 'canary-moved') ? '; the machine changed meanwhile' : '';
  return `${found}, p50 ${quantile(0.5)}, p95 ${quantile(0.95)} on ${run.manifest.server.label}${size}${moved}`;
}
