import { normalCdf } from './normal.js';

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

/** Every rank is positive or negative with probability ½: the distribution of their sum, rank by rank. */
function exactTails(doubled: readonly number[], seen: number): Tails {
  const probability = new Float64Array(doubled.reduce((sum, rank) => sum + rank, 0) + 1);
  probability[0] = 1;
  let most = 0;
  for (const rank of doubled) {
    most += rank;
    for (let sum = most; sum >= 0; sum--) {
      probability[sum] = (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0)) / 2;
    }
  }
  const total = (from: number, to: number): number => probability.subarray(from, to).reduce((sum, p) => sum + p, 0);
  return { pGreater: Math.min(1, total(seen, most + 1)), pLess: Math.min(1, total(0, seen + 1)) };
}

function normalTails(doubled: readonly number[], seen: number): Tails {
  const mean = doubled.reduce((sum, rank) => sum + rank, 0) / 2;
  const deviation = Math.sqrt(doubled.reduce((sum, rank) => sum + rank ** 2, 0)) / 2;
  // The statistic moves in steps of 1, hence the doubled one in steps of 2: half a step is 1.
  return { pGreater: normalCdf((mean - seen + 1) / deviation), pLess: normalCdf((seen - mean + 1) / deviation) };
}
