import type { Measured } from '../../results/index.js';
import { estimateQuantiles } from '../stats/quantiles.js';

const QUANTILES = [0.5, 0.9, 0.95, 0.99, 0.999];

/**
 * Latencies of one point as its record holds them.
 *
 * @param latenciesMs in order of measurement, at least one
 * @param options.blockSize queries that were measured in a row
 */
export function summariseLatency(
  latenciesMs: ArrayLike<number>,
  { blockSize }: { readonly blockSize: number },
): Measured['latencyMs'] {
  const n = latenciesMs.length;
  if (n === 0) throw new RangeError('Expected at least one latency, got none.');
  let sum = 0;
  for (let i = 0; i < n; i++) sum += latenciesMs[i]!;
  return { n, mean: sum / n, quantiles: [...estimateQuantiles(latenciesMs, QUANTILES, { blockSize })] };
}
