import type { Estimate } from '../../results/index.js';

/** What a strategy costs over another at a selectivity where both were measured side by side. */
export interface RatioAt {
  readonly selectivity: number;
  /** An end that is not known is null. */
  readonly ratio: Estimate;
}

/**
 * The selectivity between two at which two strategies cost the same. Between selectivities that were measured, the logarithm
 * of the ratio of costs is taken to be linear in the logarithm of the selectivity: exact for costs in proportion to a power
 * of it, as those of sorting the matching rows and of scanning on until enough were found. Where the choice is one between
 * equals, the line may cross beyond the two, and the change is then put at the end that is nearer.
 *
 * The interval are the selectivities at which the ratio could be 1. Its ends come from ratios of interleaved blocks, which are
 * free of what the machine did between one filter and the next; an end beyond what was measured side by side is null.
 *
 * @param ratios cost of the strategy of the less selective side over that of the other, in any order
 * @returns null where they were not measured side by side at both places
 */
export function crossover(below: number, above: number, ratios: readonly RatioAt[]): Estimate | null {
  const places = ratios.map(toLogs).sort((a, b) => a.place - b.place);
  const [left, right] = [below, above].map((selectivity) =>
    places.find(({ place }) => place === Math.log(selectivity)),
  );
  if (!left || !right) return null;
  const at = crossing(left, right);
  const before = places.filter(({ place }) => place <= at).toReversed();
  const after = places.filter(({ place }) => place >= at);
  // Each way begins at the nearest place on the other side, where there is doubt at least.
  const low = whereSure([...after.slice(0, 1), ...before].map(({ place, low }) => ({ place, sureness: low })));
  const high = whereSure([...before.slice(0, 1), ...after].map(({ place, high }) => ({ place, sureness: -high })));
  return {
    value: Math.exp(at),
    low: low === null ? null : Math.exp(Math.min(low, at)),
    high: high === null ? null : Math.exp(Math.max(high, at)),
  };
}

/** Logarithms: of the selectivity, and of the ratio with its ends. */
interface LogRatio {
  readonly place: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const toLogs = ({ selectivity, ratio: { value, low, high } }: RatioAt): LogRatio => ({
  place: Math.log(selectivity),
  value: Math.log(value),
  low: low === null ? -Infinity : Math.log(low),
  high: high === null ? Infinity : Math.log(high),
});

/** Where the line is 0; the end that is nearer to it when that is beyond. */
function crossing(left: LogRatio, right: LogRatio): number {
  const share = left.value / (left.value - right.value);
  if (share >= 0 && share <= 1) return left.place + share * (right.place - left.place);
  return Math.abs(left.value) <= Math.abs(right.value) ? left.place : right.place;
}

/** Where the line through these points first rises above 0; null when it never does. */
function whereSure(points: readonly { readonly place: number; readonly sureness: number }[]): number | null {
  const i = points.findIndex(({ sureness }) => sureness > 0);
  const [from, to] = [points[i - 1], points[i]];
  if (!from || !to) return null;
  if (from.sureness === -Infinity) return to.place;
  return to.place + ((from.place - to.place) * to.sureness) / (to.sureness - from.sureness);
}
