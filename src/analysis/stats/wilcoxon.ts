import type { Estimate } from '../../results/index.js';
import { normalCdf, normalQuantile } from './normal.js';

/** Probabilities of a signed-rank statistic at least as extreme as the one seen, if the differences are symmetric about 0. */
export interface SignedRank {
  /** Differences that are not zero. */
  readonly n: number;
  /** Sum of the ranks of the positive differences. */
  readonly statistic: number;
  /** One-sided: the differences tend to be positive. */
  readonly pGreater: number;
  /** One-sided: the differences tend to be negative. */
  readonly pLess: number;
  readonly pTwoSided: number;
}

/** Up to this many differences every assignment of signs is counted; beyond, the normal approximation is as good. */
const EXACT_UP_TO = 100;

/**
 * Wilcoxon's signed-rank test. Zeros are dropped, ties share their mean rank, and the distribution is exact for up to
 * 100 differences, ties included; beyond that it is normal with continuity correction.
 *
 * Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1, 1945; Hollander & Wolfe, Nonparametric
 * Statistical Methods, section 3.1.
 */
export function signedRank(differences: ArrayLike<number>): SignedRank {
  const nonZero = Array.from(differences).filter((difference) => difference !== 0);
  const doubled = doubledRanks(nonZero.map(Math.abs));
  const n = nonZero.length;
  const seen = nonZero.reduce((sum, difference, i) => (difference > 0 ? sum + doubled[i]! : sum), 0);
  const tails = n <= EXACT_UP_TO ? exactTails(doubled, seen) : normalTails(doubled, seen);
  return { n, statistic: seen / 2, ...tails, pTwoSided: Math.min(1, 2 * Math.min(tails.pGreater, tails.pLess)) };
}

/** Outside of a 95 % interval, on each side. */
const TAIL = 0.025;

/**
 * The shift of differences that are symmetric about it, with the 95 % interval that goes with the test: all shifts that
 * {@link signedRank} would not refute. The estimate is the median of the means of all pairs of differences (Hodges and
 * Lehmann); of normal differences it spreads by a fifth less than their own median, and outliers hardly move it.
 *
 * Hollander & Wolfe, Nonparametric Statistical Methods, sections 3.2 and 3.3.
 *
 * @param differences at least one; both ends are null where even the most extreme signs are more probable than `tail`
 *   (for fewer than six, of a 95 % interval)
 * @param tail probability outside of the interval on each side
 */
export function signedRankShift(differences: ArrayLike<number>, tail: number = TAIL): Estimate {
  const n = differences.length;
  if (n === 0) throw new RangeError('Expected at least one difference, got none.');
  const means = new Float64Array((n * (n + 1)) / 2);
  let count = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) means[count++] = (differences[i]! + differences[j]!) / 2;
  }
  means.sort();
  const outside = mostInTail(n, tail) + 1;
  return {
    value: (means[(count - 1) >> 1]! + means[count >> 1]!) / 2,
    low: outside === 0 ? null : means[outside - 1]!,
    high: outside === 0 ? null : means[count - outside]!,
  };
}

/** The largest statistic of n differences that the lower tail holds; −1 when even 0 is too probable. */
function mostInTail(n: number, tail: number): number {
  const ranks = Array.from({ length: n }, (_, i) => i + 1);
  if (n > EXACT_UP_TO) {
    const { mean, deviation } = normalMoments(ranks);
    return Math.floor(mean + normalQuantile(tail) * deviation - 0.5);
  }
  const probability = distribution(ranks);
  let most = -1;
  for (let sum = 0; sum + probability[most + 1]! <= tail; most++) sum += probability[most + 1]!;
  return most;
}

/** Twice the rank of each value, so that the mean rank of ties is a whole number too. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks: number[] = [];
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]!] === values[order[start]!]) end++;
    for (let i = start; i <= end; i++) ranks[order[i]!] = start + 1 + (end + 1);
    start = end + 1;
  }
  return ranks;
}

interface Tails {
  readonly pGreater: number;
  readonly pLess: number;
}

/** Every rank is positive or negative with probability ½: the distribution of the sum of the positive ones. */
function distribution(ranks: readonly number[]): Float64Array {
  const probability = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 0) + 1);
  probability[0] = 1;
  let most = 0;
  for (const rank of ranks) {
    most += rank;
    for (let sum = most; sum >= 0; sum--) {
      probability[sum] = (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0)) / 2;
    }
  }
  return probability;
}

function normalMoments(ranks: readonly number[]): { readonly mean: number; readonly deviation: number } {
  return {
    mean: ranks.reduce((sum, rank) => sum + rank, 0) / 2,
    deviation: Math.sqrt(ranks.reduce((sum, rank) => sum + rank ** 2, 0)) / 2,
  };
}

function exactTails(doubled: readonly number[], seen: number): Tails {
  const probability = distribution(doubled);
  const total = (from: number, to?: number): number => probability.subarray(from, to).reduce((sum, p) => sum + p, 0);
  return { pGreater: Math.min(1, total(seen)), pLess: Math.min(1, total(0, seen + 1)) };
}

function normalTails(doubled: readonly number[], seen: number): Tails {
  const { mean, deviation } = normalMoments(doubled);
  // The statistic moves in steps of 1, hence the doubled one in steps of 2: half a step is 1.
  return { pGreater: normalCdf((mean - seen + 1) / deviation), pLess: normalCdf((seen - mean + 1) / deviation) };
}
