import { signedRankShift } from '../../analysis/index.js';
import type { Estimate } from '../../results/index.js';

/** When a gate alarms, and when it is content. */
export interface GateRules {
  /** The smallest slowdown of interest, as a share: 0.05 is 5 %. */
  readonly smallest: number;
  /** Probability of an alarm when nothing changed, over all looks together. */
  readonly falseAlarms: number;
  /** Probability of "not slower" when the slowdown is the smallest of interest, over all looks together. */
  readonly misses: number;
}

export const DEFAULT_RULES: GateRules = { smallest: 0.05, falseAlarms: 0.001, misses: 0.02 };

/** Queries of a block; both sides answer the same ones in turn. */
export const BLOCK_QUERIES = 50;

/** Pairs of blocks of the first look. */
export const FIRST_PAIRS = 20;

/** Pairs of blocks that a look adds, twice as many as the one before. */
export const pairsOf = (look: number): number => FIRST_PAIRS * 2 ** (look - 1);

export type GateVerdict = 'slower' | 'not slower' | 'undecided';

/** What a look at the blocks so far shows. */
export interface GateLook {
  readonly pairs: number;
  /**
   * Candidate over base, minus 1: the Hodges–Lehmann estimate of the shift of the logarithms of block medians. `low` is the
   * one-sided bound against a false alarm, `high` the one against a miss, each at this look's share of its probability.
   */
  readonly shift: Estimate;
  readonly verdict: GateVerdict;
}

/**
 * Looks at the blocks so far. `slower`: the shift is shown to be above nothing, and is estimated at half of the smallest of
 * interest at least. `not slower`: it is shown to be below the smallest of interest. Otherwise more blocks are needed.
 *
 * The k-th look spends 1/(k·(k + 1)) of each error probability: however many looks there are, all together spend no more
 * than the whole (an α-spending function, Lan & DeMets, Biometrika 70, 1983; by Bonferroni, so that the looks may depend on
 * each other as they like).
 *
 * @param logRatios logarithm of candidate over base, one for each pair of blocks
 * @param look 1 for the first
 */
export function lookAt(logRatios: ArrayLike<number>, look: number, rules: GateRules): GateLook {
  const share = 1 / (look * (look + 1));
  const { value, low } = signedRankShift(logRatios, rules.falseAlarms * share);
  const { high } = signedRankShift(logRatios, rules.misses * share);
  const shift = {
    value: Math.expm1(value),
    low: low === null ? null : Math.expm1(low),
    high: high === null ? null : Math.expm1(high),
  };
  return { pairs: logRatios.length, shift, verdict: verdictOf(shift, rules) };
}

function verdictOf({ value, low, high }: Estimate, { smallest }: GateRules): GateVerdict {
  if (low !== null && low > 0 && value >= smallest / 2) return 'slower';
  return high !== null && high < smallest ? 'not slower' : 'undecided';
}
