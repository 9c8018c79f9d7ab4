import { normalQuantile } from '../../src/analysis/index.js';
import type { Random } from '../../src/random.js';

/**
 * Log-normal latencies of queries that are each timed several times: a part of the scatter is the queries' own, the rest
 * is noise of one round trip.
 *
 * @param querySigma standard deviation of the logarithm over queries
 * @param noiseSigma the same of one round trip of a query
 */
export function clusteredLatency({
  querySigma,
  noiseSigma,
}: {
  readonly querySigma: number;
  readonly noiseSigma: number;
}) {
  const sigma = Math.hypot(querySigma, noiseSigma);
  return {
    sigma,
    /** Of one round trip of a query drawn from the population. */
    trueQuantile: (p: number): number => Math.exp(sigma * normalQuantile(p)),
    trueMean: Math.exp(sigma ** 2 / 2),
    /** A sample of queries, all of them timed in one pass, and then in the next. */
    queries: (random: Random, { count, passes }: { readonly count: number; readonly passes: number }): Float64Array => {
      const own = Float64Array.from({ length: count }, () => querySigma * random.normal());
      return Float64Array.from({ length: count * passes }, (_, i) =>
        Math.exp(own[i % count]! + noiseSigma * random.normal()),
      );
    },
  };
}

/** Designs whose coverage is looked at. */
export const CLUSTERED_DESIGNS = [
  { count: 667, passes: 2 },
  { count: 133, passes: 8 },
  { count: 100, passes: 20 },
] as const;
