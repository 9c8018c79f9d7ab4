import type { Metric } from '../vocabulary.js';

/**
 * How far pgvector's distance may be from the one in float64, beyond what tells distances apart by their size: an inner
 * product of float32 loses its digits where products cancel, so that its error goes with the norms, not with the product.
 * A sum of n products, however ordered, differs from the true one by at most γ(n)·Σ|aᵢbᵢ| ≤ γ(n)·‖a‖‖b‖, where
 * γ(n) = nu/(1 − nu) and u = 2⁻²⁴. Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
 * pgvector's `VectorInnerProduct` is compiled to four sums or more at a time (`-ftree-vectorize -fassociative-math`).
 *
 * @returns 0 for other metrics: their terms are not negative, or, of cosine, the tolerance has an absolute part
 */
export function roundingError(
  metric: Metric,
  dimensions: number,
  [one, other]: readonly [norm: number, norm: number],
): number {
  if (metric !== 'ip') return 0;
  // A product and the sums of a lane; lanes are added at the end.
  const roundings = Math.ceil(dimensions / LANES) + LANES;
  return ((roundings * UNIT_ROUNDOFF) / (1 - roundings * UNIT_ROUNDOFF)) * one * other;
}

const LANES = 4;
/** Unit roundoff of float32. */
const UNIT_ROUNDOFF = 2 ** -24;

/** {@link roundingError} of two vectors. */
export const roundingOf = (metric: Metric, a: Float32Array, b: Float32Array): number =>
  metric === 'ip' ? roundingError(metric, a.length, [norm(a), norm(b)]) : 0;

const norm = (vector: Float32Array): number => Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
