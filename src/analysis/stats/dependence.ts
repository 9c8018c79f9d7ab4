import type { Quantile } from '../../results/index.js';
import { boundsAtRanks, nearestRank } from './quantiles.js';

/** A quantile with fewer than this share of the samples above it has too few of them to show their clusters. */
const SHARE_ABOVE = 0.1;

/**
 * How many samples in a row say as much about a quantile as one that is independent of the others: the integrated
 * autocorrelation time of whether a sample lies above it. Under load the wait of one request is most of the wait of the
 * next, so that a hundred slow requests may be a single event.
 *
 * The autocorrelations are summed up to where pairs of them are no longer positive (Geyer, Practical Markov Chain Monte
 * Carlo, 1992, § 3.3). High quantiles have too few samples above them; those above the 90th percentile are taken
 * instead, whose clusters are as long where tails are exponential, as those of queues are.
 *
 * @param samples in order of time
 * @returns 1 for independent samples; never below
 */
export function samplesPerEvent(samples: ArrayLike<number>, p: number): number {
  const n = samples.length;
  if (n === 0) return 1;
  const threshold = nearestRank(Float64Array.from(samples).sort(), Math.min(p, 1 - SHARE_ABOVE));
  const above = Float64Array.from(samples, (value) => (value > threshold ? 1 : 0));
  const share = above.reduce((sum, value) => sum + value, 0) / n;
  const positions = Array.from(above.keys()).filter((i) => above[i] === 1);
  const variance = share * (1 - share);
  if (variance === 0) return 1;
  const correlation = (lag: number): number => {
    let both = 0;
    for (const i of positions) both += above[i + lag] ?? 0;
    return (both / (n - lag) - share ** 2) / variance;
  };
  let time = 1;
  for (let lag = 1; lag + 1 < n / 2; lag += 2) {
    const pair = correlation(lag) + correlation(lag + 1);
    if (pair <= 0) break;
    time += 2 * pair;
  }
  return time;
}

/**
 * Widens the intervals of quantiles to those of as many independent samples as there were events, see
 * {@link samplesPerEvent}. Clients that cycle through the same queries see each again and again, so that samples a
 * cycle apart are correlated, too: without any other dependence there are no more events than queries. The variances of
 * both add. Events too few to bound a quantile from above leave that end open.
 *
 * @param samples in order of time, latencies: none is below 0
 * @param options.queries how many different queries the samples are of
 */
export function widenForDependence(
  quantiles: readonly Quantile[],
  samples: ArrayLike<number>,
  { queries }: { readonly queries: number },
): readonly Quantile[] {
  const n = samples.length;
  const sorted = Float64Array.from(samples).sort();
  return quantiles.map(({ p, estimate, needs }) => {
    const each = samplesPerEvent(samples, p);
    const needed = Math.ceil(needs * each);
    if (!estimate) return { p, estimate, needs: needed };
    const events = Math.max(1, Math.floor(1 / (1 / Math.min(queries, n) + (each - 1) / n)));
    const { low, high } = boundsAtRanks(sorted, p, events);
    return {
      p,
      estimate: {
        value: estimate.value,
        low: Math.min(low ?? 0, estimate.low ?? 0),
        high: high === null || estimate.high === null ? null : Math.max(high, estimate.high),
      },
      needs: needed,
    };
  });
}
