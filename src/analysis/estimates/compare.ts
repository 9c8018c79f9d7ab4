import type { Estimate } from '../../results/index.js';
import { normalQuantile } from '../stats/normal.js';
import { nearestRank } from '../stats/quantiles.js';
import { signedRank, signedRankShift } from '../stats/wilcoxon.js';

/** Two arms that were measured in alternating blocks over the same queries. */
export interface Comparison {
  /** Pairs of blocks: what the statistics rest on. */
  readonly pairs: number;
  /** Candidate over base: 1.05 is 5 % slower, see {@link signedRankShift}. Its ends are null for fewer than six pairs. */
  readonly ratio: Estimate;
  /** Standard deviation of the logarithm of a pair's ratio. */
  readonly logSpread: number;
  /** Probability of such ratios, or higher ones, if the arms were equal (one-sided signed-rank test). */
  readonly pSlower: number;
  readonly pTwoSided: number;
}

/** What represents a block of latencies: a quantile in (0, 1], or the mean. */
type Level = number | 'mean';

/**
 * Compares two arms by the medians of their blocks, or by another level of them. Neighbouring latencies share the machine's state, so that tests on
 * single latencies call equal arms different; the blocks of a pair share it too, and their ratio is free of it.
 *
 * @param base latencies in order of measurement
 * @param candidate latencies of the same queries, block by block
 * @param options.blockSize queries that were measured in a row
 * @param options.level default: the median
 */
export function compareBlocks(
  base: ArrayLike<number>,
  candidate: ArrayLike<number>,
  { blockSize, level = 0.5 }: { readonly blockSize: number; readonly level?: Level },
): Comparison {
  const logRatios = blockLogRatios(base, candidate, { blockSize, level });
  const pairs = logRatios.length;
  const { value, low, high } = signedRankShift(logRatios);
  const mean = logRatios.reduce((sum, ratio) => sum + ratio, 0) / pairs;
  const squares = logRatios.reduce((sum, ratio) => sum + (ratio - mean) ** 2, 0);
  const { pGreater, pTwoSided } = signedRank(logRatios);
  return {
    pairs,
    ratio: {
      value: Math.exp(value),
      low: low === null ? null : Math.exp(low),
      high: high === null ? null : Math.exp(high),
    },
    logSpread: pairs > 1 ? Math.sqrt(squares / (pairs - 1)) : 0,
    pSlower: pGreater,
    pTwoSided,
  };
}

/** Logarithm of candidate over base, one for each pair of blocks; see {@link compareBlocks}. */
export function blockLogRatios(
  base: ArrayLike<number>,
  candidate: ArrayLike<number>,
  { blockSize, level = 0.5 }: { readonly blockSize: number; readonly level?: Level },
): readonly number[] {
  if (base.length !== candidate.length || base.length === 0) {
    throw new RangeError(`Expected as many latencies on both sides, got ${base.length} and ${candidate.length}.`);
  }
  const baseLevels = blockLevels(base, { blockSize, level });
  const levels = blockLevels(candidate, { blockSize, level });
  return levels.map((one, block) => Math.log(one / baseLevels[block]!));
}

export type Verdict = 'slower' | 'not slower' | 'inconclusive';

/**
 * What a comparison shows. `slower`: the test is significant at `alpha` and the ratio exceeds 1 + `margin`.
 * `not slower`: the whole interval of the ratio lies below 1 + `margin`. Otherwise more pairs are needed.
 *
 * @param options.margin slowdown that matters, e.g. 0.03
 * @param options.alpha significance of one test; for several comparisons give {@link holm}-adjusted `p`
 * @param options.p the adjusted p-value; default: the comparison's own
 */
export function judgeSlowdown(
  { ratio, pSlower }: Comparison,
  { margin, alpha, p = pSlower }: { readonly margin: number; readonly alpha: number; readonly p?: number },
): Verdict {
  if (p <= alpha && ratio.value > 1 + margin) return 'slower';
  return ratio.high !== null && ratio.high < 1 + margin ? 'not slower' : 'inconclusive';
}

/** The signed-rank test needs π/3 times the pairs that a test of the mean would, if the ratios were normal. */
const SIGNED_RANK_COST = Math.PI / 3;

/**
 * Pairs of blocks needed to see a slowdown of 1 + `margin` with a probability of `power`.
 *
 * @param options.logSpread of a pilot: {@link Comparison.logSpread}
 * @param options.alpha significance of the one-sided test
 */
export function pairsNeeded(options: {
  readonly logSpread: number;
  readonly margin: number;
  readonly alpha: number;
  readonly power: number;
}): number {
  const distance = normalQuantile(1 - options.alpha) + normalQuantile(options.power);
  const byPower = SIGNED_RANK_COST * ((distance * options.logSpread) / Math.log1p(options.margin)) ** 2;
  // With fewer pairs even the most extreme outcome, of probability 2^-pairs, is not significant.
  return Math.ceil(Math.max(byPower, -Math.log2(options.alpha)));
}

function blockLevels(
  latencies: ArrayLike<number>,
  { blockSize, level }: { readonly blockSize: number; readonly level: Level },
): readonly number[] {
  const values = Float64Array.from(latencies);
  const blocks = Math.ceil(values.length / blockSize);
  return Array.from({ length: blocks }, (_, block) => {
    const ofBlock = values.slice(block * blockSize, (block + 1) * blockSize);
    return level === 'mean'
      ? ofBlock.reduce((sum, ms) => sum + ms, 0) / ofBlock.length
      : nearestRank(ofBlock.sort(), level);
  });
}
