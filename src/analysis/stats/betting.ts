/*
 * Confidence intervals for the mean of values in [0, 1] that assume nothing about their distribution.
 *
 * Somebody who doubts that the mean is as small as `m` starts with a capital of 1 and bets on each value before it is
 * seen: a stake of λ ≥ 0 multiplies the capital by 1 + λ·(x − m). If the mean is at most m, the capital is a
 * non-negative supermartingale and ever reaches 1/α with a probability of at most α (Ville's inequality), whatever the
 * stakes. The means that no gambler of this kind has refuted are the interval. Waudby-Smith & Ramdas, Estimating means
 * of bounded random variables by betting, JRSS B 86 (2024), arXiv 2010.09686, section 4.
 *
 * The stakes decide only how narrow the interval is. Values must come in random order; another order gives another
 * interval, equally valid.
 */

/** Both ends lie in [0, 1]. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Probability that the interval misses the mean, where nobody says another. */
const ALPHA = 0.05;
/** Confidence in one end of a two-sided 95 % interval: half of what it may miss by is staked against each side. */
export const ONE_END_OF_95 = 0.975;
/** A side is refuted with this confidence when the logarithm of the capital gets here. */
export const logTarget = (confidence: number): number => -Math.log1p(-confidence);
const LOG_TARGET = logTarget(ONE_END_OF_95);
/** Largest share of the capital that one value can take away. */
const MAX_LOSS = 0.99;
/** The same for {@link bettingSequence}, whose stakes know no deadline and start high. */
const MAX_LOSS_OPEN_END = 0.75;
/**
 * The stakes believe in the variance of a coin, m·(1 − m), as much as in this share of the horizon's values. A loss of
 * recall may come in clumps that make it as large as that.
 */
export const PRIOR_SHARE = 1 / 4;
/** Steps in which candidate means are gone through, before the last step is bisected down to `RESOLUTION`. */
const STEPS = 64;
const RESOLUTION = 1e-6;
/** A value that is farther outside of its range is no matter of floating point. */
const ROUNDING = 1e-9;

/**
 * 95 % confidence interval for the mean of values in [0, 1], also where nearly all of them are 1 and failures come in
 * clumps, where bootstrap and normal theory are far too narrow.
 *
 * The stakes are those of Voráček & Orabona, STaR-Bets (2025), arXiv 2505.22422: at every value, what is still missing
 * to the target is spread over the values that are left; but the variance is shrunk towards the largest one that m
 * allows, so that clumped failures which have not shown up yet do not ruin the gambler.
 *
 * @param values in [0, 1], in random order
 * @param options.horizon how many values there will be at most. Named before the first look, it makes the intervals at
 *   all looks valid together: one may stop at any of them. Default: these values are all.
 * @param options.alpha probability that the interval misses the mean, at most; default 0.05
 * @throws {RangeError} a value outside [0, 1] by more than rounding, or more values than the horizon
 */
export function bettingInterval(
  values: ArrayLike<number>,
  { horizon = values.length, alpha = ALPHA }: { readonly horizon?: number; readonly alpha?: number } = {},
): Interval {
  const x = unitValues(values);
  if (x.length > horizon) throw new RangeError(`Expected at most ${horizon} values, got ${x.length}.`);
  const target = logTarget(1 - alpha / 2);
  return bothEnds(x, (side, mean) => refutesByDeadline(side, mean, { horizon, prior: PRIOR_SHARE * horizon, target }));
}

/**
 * The mean that values in [0, 1] are shown to have at least: a one-sided bound, by the stakes of {@link bettingInterval}.
 *
 * @param confidence in (0, 1)
 * @param options.horizon as for {@link bettingInterval}
 */
export function bettingLowerBound(
  values: ArrayLike<number>,
  confidence: number,
  { horizon = values.length }: { readonly horizon?: number } = {},
): number {
  const x = unitValues(values);
  const options = { horizon, prior: PRIOR_SHARE * horizon, target: logTarget(confidence) };
  return lowerEnd(x, (side, mean) => refutesByDeadline(side, mean, options));
}

/** The logarithm of a capital that no sample of recalls brings about by chance. */
const MOST_LOG_CAPITAL = 30;

/**
 * The highest confidence with which values in [0, 1] show that their mean is more than `mean`; 0 when they do not
 * lie above it on average.
 */
export function bettingConfidence(values: ArrayLike<number>, mean: number): number {
  const x = unitValues(values);
  if (x.length === 0 || x.reduce((sum, value) => sum + value, 0) / x.length <= mean) return 0;
  const options = { horizon: x.length, prior: PRIOR_SHARE * x.length };
  let shown = 0;
  let open = MOST_LOG_CAPITAL;
  while (open - shown > 1e-3) {
    const middle = (shown + open) / 2;
    if (refutesByDeadline(x, mean, { ...options, target: middle })) shown = middle;
    else open = middle;
  }
  return -Math.expm1(-shown);
}

/**
 * 95 % confidence sequence for the mean of values in [0, 1]: the intervals after each value hold all at once, so one
 * may look at any time and stop, or go on without an end. Wider than {@link bettingInterval}.
 *
 * The hedged capital with predictable plug-in stakes, Waudby-Smith & Ramdas, theorem 3.
 *
 * @param values in [0, 1], in random order; all that have been seen so far
 * @throws {RangeError} a value outside [0, 1] by more than rounding
 */
export function bettingSequence(values: ArrayLike<number>): Interval {
  const x = unitValues(values);
  const stakes = plugInStakes(x);
  return bothEnds(x, (side, mean) => refutesByStakes(side, mean, stakes));
}

function unitValues(values: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(values);
  const wrong = x.findIndex((value) => !(value >= -ROUNDING && value <= 1 + ROUNDING));
  if (wrong >= 0) throw new RangeError(`Expected values from 0 to 1, got ${x[wrong]} at position ${wrong}.`);
  return x.map((value) => Math.min(1, Math.max(0, value)));
}

/** Whether the values refute that their mean is at most `mean`. */
type Refutes = (x: Float64Array, mean: number) => boolean;

/** The upper end is the lower end of what is missing to 1. */
function bothEnds(x: Float64Array, refutes: Refutes): Interval {
  return {
    low: lowerEnd(x, refutes),
    high:
      1 -
      lowerEnd(
        x.map((value) => 1 - value),
        refutes,
      ),
  };
}

/**
 * The largest mean up to which all are refuted. Candidates are gone through from below, not bisected from the start:
 * when the stakes depend on the mean, the refuted ones need not lie all on one side.
 */
function lowerEnd(x: Float64Array, refutes: Refutes): number {
  let step = 1;
  while (step < STEPS && refutes(x, step / STEPS)) step++;
  let refuted = (step - 1) / STEPS;
  let open = step / STEPS;
  while (open - refuted > RESOLUTION) {
    const middle = (refuted + open) / 2;
    if (refutes(x, middle)) refuted = middle;
    else open = middle;
  }
  return refuted;
}

/**
 * Whether the values refute that their mean is at most `mean`.
 *
 * @param options.horizon how many values there will be at most
 * @param options.prior how many values the belief in the variance of a coin weighs
 * @param options.target logarithm of the capital that refutes
 */
export function refutesByDeadline(
  x: Float64Array,
  mean: number,
  {
    horizon,
    prior,
    target = LOG_TARGET,
  }: { readonly horizon: number; readonly prior: number; readonly target?: number },
): boolean {
  const largestStake = MAX_LOSS / mean;
  const largestGain = Math.log1p(largestStake * (1 - mean));
  let squares = prior * mean * (1 - mean);
  let missing = target;
  for (let t = 0; t < x.length; t++) {
    if (missing > largestGain * (x.length - t)) return false;
    const variance = squares / (prior + t);
    const stake = Math.min(Math.sqrt((2 * missing) / (variance * (horizon - t))), largestStake);
    const surprise = x[t]! - mean;
    missing -= Math.log1p(stake * surprise);
    if (missing <= 0) return true;
    squares += surprise * surprise;
  }
  return false;
}

function refutesByStakes(x: Float64Array, mean: number, stakes: Float64Array): boolean {
  const largestStake = MAX_LOSS_OPEN_END / mean;
  let missing = LOG_TARGET;
  for (let t = 0; t < x.length; t++) {
    missing -= Math.log1p(Math.min(stakes[t]!, largestStake) * (x[t]! - mean));
    if (missing <= 0) return true;
  }
  return false;
}

/** λ_t = √(2·ln(2/α) / (σ̂²_{t−1}·t·ln(1 + t))), the same for a value and for what is missing to 1. */
function plugInStakes(x: Float64Array): Float64Array {
  let sum = 0.5;
  let squares = 0.25;
  return x.map((value, i) => {
    const t = i + 1;
    const variance = squares / t;
    sum += value;
    squares += (value - sum / (t + 1)) ** 2;
    return Math.sqrt((2 * LOG_TARGET) / (variance * t * Math.log1p(t)));
  });
}
