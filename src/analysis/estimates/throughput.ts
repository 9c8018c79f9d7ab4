import type { Estimate, Reason, ScheduleKept, ThroughputFigures } from '../../results/index.js';
import { widenForDependence } from '../stats/dependence.js';
import { histogramOf } from '../stats/histogram.js';
import { summariseLatency } from './latency.js';
import { estimateMean } from '../stats/mean.js';
import { nearestRank } from '../stats/quantiles.js';

/** Requests that were answered, in order of their starts; milliseconds from the beginning of the window. */
export interface AnsweredRequests {
  /** When each was to start; in a closed loop, when it did. */
  readonly dueMs: ArrayLike<number>;
  readonly startedMs: ArrayLike<number>;
  readonly endedMs: ArrayLike<number>;
  /** 1 for a request that found no connection free when it was due. */
  readonly late: ArrayLike<number>;
}

/**
 * Portions of a window that the statistics take for independent: neighbouring queries share the state of the machine,
 * which changes within fractions of a second.
 */
const SLICES = 20;

/**
 * Requests answered per second, over equal slices of the window.
 *
 * @param endedMs when each was answered; what came after the window does not count
 */
export function estimateRate(endedMs: ArrayLike<number>, windowMs: number): Estimate {
  const counts = new Float64Array(SLICES);
  for (let i = 0; i < endedMs.length; i++) {
    const slice = Math.floor((endedMs[i]! / windowMs) * SLICES);
    if (slice < SLICES) counts[slice]!++;
  }
  const { value, low, high } = estimateMean(counts.map((count) => (count * SLICES * 1000) / windowMs));
  return { value, low: low === null ? null : Math.max(0, low), high };
}

/**
 * Latencies of the requests, counted from when each was due. At least one. Their intervals allow for requests that
 * waited for one another, and for queries that were asked again.
 *
 * @param options.queries how many different queries the clients cycle through
 */
export function summariseLoadLatency(
  { dueMs, endedMs }: AnsweredRequests,
  { queries }: { readonly queries: number },
): ThroughputFigures['latencyMs'] {
  const latencies = Float64Array.from(endedMs, (ended, i) => ended - dueMs[i]!);
  const blockSize = Math.ceil(latencies.length / SLICES);
  const { meanInterval: _, ...summary } = summariseLatency(latencies, { blockSize, queries });
  const quantiles = [...widenForDependence(summary.quantiles, latencies, { queries })];
  return { ...summary, quantiles, histogram: histogramOf(latencies) };
}

/**
 * What became of a schedule.
 *
 * @param due requests that it held
 * @param refused requests that the server answered with an error
 */
export function summariseSchedule(
  { dueMs, startedMs, late }: AnsweredRequests,
  { due, refused }: { readonly due: number; readonly refused: number },
): ScheduleKept {
  const lags = Float64Array.from(startedMs, (started, i) => started - dueMs[i]!).sort();
  return {
    due,
    late: count(late),
    dropped: due - lags.length - refused,
    lagMs: lags.length === 0 ? null : { p50: nearestRank(lags, 0.5), p99: nearestRank(lags, 0.99) },
  };
}

/** So many requests in a row find no connection free by chance only where a queue is as good as endless. */
const ENOUGH_REQUESTS = 50;

/**
 * Why the rate of an open loop was not delivered; null when it was. Where requests come faster than they are answered,
 * the queue grows until the window ends, and so does every latency: what is read off depends on the length of the window
 * alone. It shows in requests that had to be dropped, or in a queue that was never empty in the second half of the
 * window, where that held requests enough for it not to be chance.
 *
 * @param windowMs length of the window
 */
export function whyUndelivered(
  { dueMs, endedMs, late }: AnsweredRequests,
  { schedule, windowMs, ratePerSecond }: { schedule: ScheduleKept; windowMs: number; ratePerSecond: number },
): Reason | null {
  const secondHalf = Array.from(late).filter((_, i) => dueMs[i]! >= windowMs / 2);
  const neverFree = secondHalf.length >= ENOUGH_REQUESTS && secondHalf.every((isLate) => isLate === 1);
  if (schedule.dropped === 0 && !neverFree) return null;
  const answered = Array.from(endedMs).filter((ended) => ended <= windowMs).length;
  const { due, dropped } = schedule;
  return {
    code: 'rate-not-delivered',
    data: { ratePerSecond, answeredPerSecond: (answered * 1000) / windowMs, due, dropped },
  };
}

const count = (flags: ArrayLike<number>): number => Array.from(flags).reduce((sum, flag) => sum + flag, 0);
