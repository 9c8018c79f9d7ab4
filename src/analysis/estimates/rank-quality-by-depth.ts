import { compareQuality, type QualityDifference } from './judgement-summary.js';

/** Quality at a depth against that at the deepest. */
export interface DepthQuality {
  readonly depth: number;
  readonly againstDeepest: QualityDifference;
}

export interface DepthCurve {
  /** In ascending depth, without the deepest. */
  readonly points: readonly DepthQuality[];
  /**
   * The least depth from which on the mean quality is at most the tolerance below that at the deepest, and where it is
   * shown to be lower, shown to be within the tolerance; the deepest itself, if there is no such depth.
   */
  readonly enough: number;
}

/**
 * How many candidates a leg needs.
 *
 * @param depths in ascending order
 * @param qualities for each depth one value in [0, 1] a query, the queries in the same random order
 * @param tolerance loss of mean quality that does not matter, such as 0.01
 */
export function depthCurve(
  depths: readonly number[],
  qualities: readonly ArrayLike<number>[],
  tolerance: number,
): DepthCurve {
  const deepest = qualities[depths.length - 1];
  if (!deepest || qualities.length !== depths.length) {
    throw new RangeError(
      `Expected qualities at each of ${depths.length} depths, at least one, got ${qualities.length}.`,
    );
  }
  const points = depths
    .slice(0, -1)
    .map((depth, i) => ({ depth, againstDeepest: compareQuality(deepest, qualities[i]!) }));
  const lastShort = points.findLastIndex(
    ({ againstDeepest: { difference, verdict } }) =>
      difference.value < -tolerance || (verdict === 'worse' && (difference.low ?? -1) < -tolerance),
  );
  return { points, enough: depths[lastShort + 1]! };
}
