import type { Estimate } from '../../results/index.js';

/** 97.5 % quantile of the standard normal distribution. */
const Z = 1.959964;

/**
 * A share with its 95 % interval by the score method, which is never outside of 0 to 1 and is no point where nothing was seen: none of
 * 1,000 is at most 0.4 %. Reference: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
 *
 * @param trials independent, at least one
 */
export function estimateProportion(successes: number, trials: number): Estimate {
  if (trials < 1) throw new RangeError('Expected at least one trial.');
  const value = successes / trials;
  const centre = value + Z ** 2 / (2 * trials);
  const half = Z * Math.sqrt((value * (1 - value)) / trials + Z ** 2 / (4 * trials ** 2));
  const scale = 1 + Z ** 2 / trials;
  return {
    value,
    low: successes === 0 ? 0 : (centre - half) / scale,
    high: successes === trials ? 1 : (centre + half) / scale,
  };
}
