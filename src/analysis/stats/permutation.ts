import type { Random } from '../../random.js';

/** How different two samples are, by which of the pooled values are of the second (1) and which of the first (0). */
export type SplitStatistic = (labels: ArrayLike<number>) => number;

export interface PermutationTest {
  readonly observed: number;
  /** Median of the statistic where the labels mean nothing. */
  readonly byChance: number;
  /** Exact, whatever the distribution: at most α with a probability of at most α where both samples are of one. */
  readonly p: number;
}

/** A test that has seen so many splits by chance that are as large stops: p is large, and known well enough. */
const AS_LARGE = 20;

/**
 * Tests whether two samples of independent values come from one distribution, by random labels. It stops early where nothing
 * is found (Besag and Clifford, Sequential Monte Carlo p-values, Biometrika 78, 1991); p is never 0.
 *
 * @param sizes of the first and the second sample, in the order of the pooled values
 * @param options.draws of labels, at most; 1 / (draws + 1) is the smallest p
 */
export function permutationTest(
  [first, second]: readonly [number, number],
  statistic: SplitStatistic,
  { random, draws }: { readonly random: Random; readonly draws: number },
): PermutationTest {
  const labels = Array.from({ length: first + second }, (_, i) => (i < first ? 0 : 1));
  const observed = statistic(labels);
  // Sums in another order differ in their last digits.
  const asLarge = observed - 1e-12 * Math.abs(observed);
  const chances: number[] = [];
  let larger = 0;
  while (chances.length < draws && larger < AS_LARGE) {
    random.shuffle(labels);
    const chance = statistic(labels);
    chances.push(chance);
    if (chance >= asLarge) larger++;
  }
  const p = larger === AS_LARGE ? AS_LARGE / chances.length : (larger + 1) / (draws + 1);
  return { observed, byChance: chances.sort((a, b) => a - b)[chances.length >> 1]!, p };
}
