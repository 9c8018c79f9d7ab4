import type { Estimate } from '../../results/index.js';
import { studentQuantile } from './student.js';

/**
 * Mean of a work counter over independent queries with a 95 % interval; both ends are null for fewer than two values.
 *
 * Counters are skewed to the right: a few queries touch much more than the others. Student's interval then misses
 * mostly on one side; Hall's transformation of it removes the skewness (Hall, On the removal of skewness by
 * transformation, JRSS B 54, 1992).
 *
 * @param values at least one
 */
export function estimateMean(values: ArrayLike<number>): Estimate {
  const x = Float64Array.from(values);
  const n = x.length;
  if (n === 0) throw new RangeError('Expected at least one value, got none.');
  const mean = x.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { value: mean, low: null, high: null };
  const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  if (squares === 0) return { value: mean, low: mean, high: mean };
  const cubes = x.reduce((sum, value) => sum + (value - mean) ** 3, 0);
  const skewness = cubes / n / (squares / n) ** 1.5;
  const error = Math.sqrt(squares / (n - 1) / n);
  const t = studentQuantile(0.975, n - 1);
  return {
    value: mean,
    low: mean - error * withoutSkewness(t, skewness / Math.sqrt(n)),
    high: mean - error * withoutSkewness(-t, skewness / Math.sqrt(n)),
  };
}

/** The studentised mean at which Hall's cubic transformation takes the value `t`. */
function withoutSkewness(t: number, skewness: number): number {
  // The cube root loses its digits where there is next to nothing to remove.
  if (Math.abs(skewness) < 1e-6) return t;
  return (3 / skewness) * (Math.cbrt(1 + skewness * (t - skewness / 6)) - 1);
}
