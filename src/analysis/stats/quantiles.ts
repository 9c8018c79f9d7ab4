import { createRandom } from '../../random.js';
import type { Quantile } from '../../results/index.js';
import { quantileRanks, samplesForQuantile } from './binomial.js';

const TAIL = 0.025;
const RESAMPLES = 500;

/** The ⌈p·n⌉-th smallest value: one that was measured, never a mean of two. */
export function nearestRank(sorted: ArrayLike<number>, p: number): number {
  // p·n is rounded before ⌈⌉: 0.95 · 100 is not allowed to become 95.00000000000001 and then 96.
  const rank = Math.ceil(Number((p * sorted.length).toPrecision(12)));
  return sorted[Math.min(Math.max(rank, 1), sorted.length) - 1]!;
}

/**
 * Quantiles with 95 % intervals for the population that the queries were drawn from: order statistics, which hold for
 * independent samples of any distribution, and a bootstrap that resamples whole blocks, because neighbours in time share
 * the machine's state. The wider end of the two counts on each side.
 *
 * A query that was timed several times is one draw from the population: a repeat narrows the noise of its time, and
 * says nothing of other queries. So the ranks are those of as many samples as there are queries; the mean of several
 * times of each scatters no more than one time of each does, and the interval holds whatever part of the scatter is the
 * queries' own. (With the ranks of all samples a nominal 95 % covers 47 % at 100 queries timed 20 times each.)
 *
 * @param samples in order of measurement
 * @param options.blockSize samples that were measured in a row; absent when they are independent
 * @param options.queries how many different queries the samples are of; absent: as many as samples
 * @returns one quantile for each p in (0, 1); its estimate is null when there are too few queries to bound it on both
 *   sides (6 for the median, 72 for p95, 368 for p99, 3688 for p99.9)
 */
export function estimateQuantiles(
  samples: ArrayLike<number>,
  ps: readonly number[],
  { blockSize, queries = Infinity }: { readonly blockSize?: number; readonly queries?: number } = {},
): readonly Quantile[] {
  const draws = Math.min(samples.length, queries);
  const sorted = Float64Array.from(samples).sort();
  const measurable = ps.filter((p) => draws >= samplesForQuantile(p, TAIL));
  const resampled = blockSize === undefined ? null : resampleBlocks(samples, measurable, blockSize);
  return ps.map((p) => {
    const needs = samplesForQuantile(p, TAIL);
    const ranks = boundsAtRanks(sorted, p, draws);
    if (draws < needs || ranks.high === null) return { p, estimate: null, needs };
    const resamples = resampled?.get(p);
    const low = Math.min(ranks.low ?? 0, resamples ? nearestRank(resamples, TAIL) : Infinity);
    const high = Math.max(ranks.high, resamples ? nearestRank(resamples, 1 - TAIL) : -Infinity);
    return { p, estimate: { value: nearestRank(sorted, p), low, high }, needs };
  });
}

/**
 * The samples at the ranks that would bound a quantile if they were as many as `draws`; null where no rank bounds it.
 *
 * @param sorted ascending, at least `draws`
 */
export function boundsAtRanks(
  sorted: ArrayLike<number>,
  p: number,
  draws: number,
): { readonly low: number | null; readonly high: number | null } {
  const n = sorted.length;
  const { low, high } = quantileRanks(draws, p, TAIL);
  return {
    low: low === 0 ? null : sorted[Math.floor(((low - 1) * n) / draws)]!,
    high: high > draws ? null : sorted[Math.ceil((high * n) / draws) - 1]!,
  };
}

/**
 * Quantiles of resamples that draw as many blocks as there are, with replacement, in ascending order for each p. The
 * seed is fixed: equal samples give equal intervals.
 */
function resampleBlocks(
  samples: ArrayLike<number>,
  ps: readonly number[],
  blockSize: number,
): Map<number, Float64Array> {
  const n = samples.length;
  const blocks = Math.ceil(n / blockSize);
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => samples[a]! - samples[b]!);
  const blockOf = order.map((i) => Math.floor(i / blockSize));
  const ascending = [...ps].sort((a, b) => a - b);
  const quantiles = new Map(ascending.map((p) => [p, new Float64Array(RESAMPLES)]));
  const random = createRandom('resample blocks');
  const times = new Uint32Array(blocks);
  for (let r = 0; r < RESAMPLES; r++) {
    times.fill(0);
    let total = 0;
    for (let drawn = 0; drawn < blocks; drawn++) {
      const block = random.int(blocks);
      times[block]!++;
      total += Math.min(blockSize, n - block * blockSize);
    }
    // One pass over the samples in ascending order serves all quantiles: each counts as often as its block was drawn.
    let i = -1;
    let seen = 0;
    for (const p of ascending) {
      while (seen < p * total && i < n - 1) seen += times[blockOf[++i]!]!;
      quantiles.get(p)![r] = samples[order[i]!]!;
    }
  }
  for (const values of quantiles.values()) values.sort();
  return quantiles;
}
