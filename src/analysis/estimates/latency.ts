import type { Measured } from '../../results/index.js';
import { estimateMean } from '../stats/mean.js';
import { estimateQuantiles } from '../stats/quantiles.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999];

/**
 * Latencies of one point as its record holds them. Intervals are for the population that the queries were drawn from.
 *
 * @param latenciesMs in order of measurement, at least one; queries that are timed again come in the same order again
 * @param options.blockSize queries that were measured in a row
 * @param options.queries how many different queries were timed; those of the samples when they are fewer
 */
export function summariseLatency(
  latenciesMs: ArrayLike<number>,
  { blockSize, queries }: { readonly blockSize: number; readonly queries: number },
): Measured['latencyMs'] {
  const n = latenciesMs.length;
  if (n === 0) throw new RangeError('Expected at least one latency, got none.');
  const timed = Math.min(queries, n);
  const { value, low, high } = estimateMean(meansOfQueries(latenciesMs, timed));
  return {
    n,
    queries: timed,
    mean: value,
    meanInterval: low === null || high === null ? null : { low: Math.max(0, low), high },
    quantiles: [...estimateQuantiles(latenciesMs, QUANTILES, { blockSize, queries })],
  };
}

/** Mean latency of each query over the times that it was asked. */
function meansOfQueries(latenciesMs: ArrayLike<number>, queries: number): Float64Array {
  const sums = new Float64Array(queries);
  const times = new Float64Array(queries);
  for (let i = 0; i < latenciesMs.length; i++) {
    sums[i % queries]! += latenciesMs[i]!;
    times[i % queries]!++;
  }
  return sums.map((sum, query) => sum / times[query]!);
}
