import { LOG_TARGET, MAX_LOSS } from './betting.js';

/**
 * How many queries it takes until the betting interval of a mean recall such as this one reaches no farther than
 * `halfWidth` below it.
 *
 * A gambler who knew the distribution would stake so that the logarithm of the capital grows fastest; the answer is the
 * target over that growth (the empirical KL_inf of Waudby-Smith & Ramdas, arXiv 2010.09686). Where recall varies, this
 * is the familiar variance over the width squared; near 1, where a sample may not have met the clumps of failures yet,
 * it is what it takes to rule them out. One failed query more than were seen is assumed for that reason.
 *
 * @param recalls one per query, in [0, 1], at least one
 * @param halfWidth in (0, 1), in units of recall: 0.005 is half a percentage point
 */
export function queriesNeeded(recalls: ArrayLike<number>, halfWidth: number): number {
  const x = [...Array.from(recalls), 0];
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const refuted = mean - halfWidth;
  // Every mean from 0 is possible: nothing needs to be refuted.
  if (refuted <= 0) return 1;
  return Math.ceil(LOG_TARGET / fastestGrowth(x, refuted));
}

/** max over stakes λ of the mean of log(1 + λ·(x − m)), a concave function: its slope is bisected to 0. */
function fastestGrowth(x: readonly number[], m: number): number {
  let low = 0;
  let high = MAX_LOSS / m;
  for (let i = 0; i < 50; i++) {
    const stake = (low + high) / 2;
    const slope = x.reduce((sum, value) => sum + (value - m) / (1 + stake * (value - m)), 0);
    if (slope > 0) low = stake;
    else high = stake;
  }
  return x.reduce((sum, value) => sum + Math.log1p(low * (value - m)), 0) / x.length;
}
