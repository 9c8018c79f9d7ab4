import { latencyQuantile, shownRecall } from '../../analysis/index.js';
import type { BuildRecord, Measured, PointRecord, Unmet } from '../../results/index.js';
import type { Target } from '../../vocabulary.js';

/** A point that counts, with the build it was measured on. */
export interface Candidate {
  readonly build: BuildRecord;
  readonly point: PointRecord;
  /** With the recall of `shownBy`, where there is one. */
  readonly measured: Measured;
  /** The same index and settings, asked more queries without timing. */
  readonly shownBy?: PointRecord | undefined;
}

/** Median latency in milliseconds; ∞ where too few samples were taken to have one. */
export const medianMs = (measured: Measured): number => latencyQuantile(measured, 0.5)?.estimate?.value ?? Infinity;

/** Mean pages that a query touches: nearly free of noise. */
export const pagesOf = (measured: Measured): number => measured.buffers.mean.value;

/** Bytes of the build's index; 0 for the exact scan. */
export const indexBytes = (build: BuildRecord): number => build.index?.bytes ?? 0;

/** What a target asks of the recall. */
export type RecallTarget = Pick<Target, 'recall' | 'confidence'>;

/** True when the queries show the recall that is asked for. */
export const reachesRecall = ({ status, measured }: PointRecord, { recall, confidence }: RecallTarget): boolean =>
  status === 'ok' && measured !== null && shownRecall(measured, confidence) >= recall;

/**
 * What of the target a point does not show to be met; empty when it meets everything. A bound is met when the
 * unfavourable end of its interval meets it. The exact scan finds every neighbour, however few queries it was asked.
 */
export function unmetBounds({ build, measured }: Candidate, target: Target): readonly Unmet[] {
  const unmet: Unmet[] = [];
  if (build.request.spec.method !== 'none' && target.recall > 0) {
    const low = shownRecall(measured, target.confidence);
    const { value } = measured.recall.mean;
    if (low < target.recall) unmet.push({ code: 'recall', data: { value, low, wanted: target.recall } });
  }
  const p95 = latencyQuantile(measured, 0.95);
  const { p95Ms: boundMs } = target;
  if (boundMs !== undefined && (p95?.estimate?.high ?? Infinity) > boundMs) {
    unmet.push({ code: 'p95', data: { ms: p95?.estimate?.value ?? null, needs: p95?.needs ?? null, boundMs } });
  }
  const bytes = indexBytes(build);
  if (target.indexBytes !== undefined && bytes > target.indexBytes) {
    unmet.push({ code: 'index_size', data: { bytes, bound: target.indexBytes } });
  }
  const { seconds } = build;
  if (target.buildSeconds !== undefined && seconds > target.buildSeconds) {
    unmet.push({ code: 'build_time', data: { seconds, bound: target.buildSeconds } });
  }
  return unmet;
}

/** True when a point shows that everything asked for is met. */
export const meets = (candidate: Candidate, target: Target): boolean => unmetBounds(candidate, target).length === 0;
