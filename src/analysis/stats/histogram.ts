import type { Histogram } from '../../results/index.js';

/** Eight bins to a doubling: each is 9 % wide, which is finer than any latency repeats itself. */
const PER_DOUBLING = 8;

const binOf = (value: number): number => Math.floor(Math.log2(value) * PER_DOUBLING);

/**
 * Counts samples in bins whose width grows with the value, so that a distribution from microseconds to seconds takes
 * some dozens of numbers. Bin i of n begins at fromMs · 2^(i/perDoubling). Histograms of this kind can be added.
 *
 * @param samplesMs at least one; what is not above zero is counted as the clock's least step, a nanosecond
 */
export function histogramOf(samplesMs: ArrayLike<number>): Histogram {
  const bins = Array.from(samplesMs, (sample) => binOf(Math.max(sample, 1e-6)));
  const first = bins.reduce((a, b) => Math.min(a, b), Infinity);
  const last = bins.reduce((a, b) => Math.max(a, b), -Infinity);
  const counts = Array.from({ length: last - first + 1 }, () => 0);
  for (const bin of bins) counts[bin - first]!++;
  return { fromMs: 2 ** (first / PER_DOUBLING), perDoubling: PER_DOUBLING, counts };
}
