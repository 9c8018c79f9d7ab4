import type { BuildRecord, Measured, PointRecord, Quantile } from '../../results/index.js';
import { formatBytes, formatMs } from '../../units.js';
import type { Target } from '../../vocabulary.js';

/** A point that counts, with the build it was measured on. */
export interface Candidate {
  readonly build: BuildRecord;
  readonly point: PointRecord;
  readonly measured: Measured;
}

/** The quantile of a point's latency; undefined when the record does not hold it. */
export const latencyQuantile = (measured: Measured, p: number): Quantile | undefined =>
  measured.latencyMs.quantiles.find((quantile) => quantile.p === p);

/** Median latency in milliseconds; ∞ where too few samples were taken to have one. */
export const medianMs = (measured: Measured): number => latencyQuantile(measured, 0.5)?.estimate?.value ?? Infinity;

/** Mean pages that a query touches: nearly free of noise. */
export const pagesOf = (measured: Measured): number => measured.buffers.mean.value;

/** Bytes of the build's index; 0 for the exact scan. */
export const indexBytes = (build: BuildRecord): number => build.index?.bytes ?? 0;

/** True when the recall is shown to be at least `recall`: the lower end of its interval is what counts. */
export const reachesRecall = (point: PointRecord, recall: number): boolean =>
  point.status === 'ok' && (point.measured?.recall.mean.low ?? 0) >= recall;

/**
 * What of the target a point does not show to be met, in words; empty when it meets everything. A bound is met when the
 * unfavourable end of the interval meets it. The exact scan finds every neighbour, however few queries it was asked.
 */
export function misses({ build, measured }: Candidate, target: Target): readonly string[] {
  const missed: string[] = [];
  const { mean } = measured.recall;
  if (build.request.spec.method !== 'none' && (mean.low ?? 0) < target.recall) {
    missed.push(
      `recall ${mean.value.toFixed(4)} (at least ${(mean.low ?? 0).toFixed(4)}) is not shown to reach ${target.recall}`,
    );
  }
  const p95 = latencyQuantile(measured, 0.95);
  if (target.p95Ms !== undefined && (p95?.estimate?.high ?? Infinity) > target.p95Ms) {
    const seen = p95?.estimate ? formatMs(p95.estimate.value) : `unknown (needs ${p95?.needs ?? 'more'} samples)`;
    missed.push(`p95 ${seen} is not shown to stay within ${formatMs(target.p95Ms)}`);
  }
  if (target.indexBytes !== undefined && indexBytes(build) > target.indexBytes) {
    missed.push(`the index takes ${formatBytes(indexBytes(build))} of ${formatBytes(target.indexBytes)}`);
  }
  if (target.buildSeconds !== undefined && build.seconds > target.buildSeconds) {
    missed.push(`the build took ${formatMs(1000 * build.seconds)} of ${formatMs(1000 * target.buildSeconds)}`);
  }
  return missed;
}
