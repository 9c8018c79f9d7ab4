import type { Estimate } from '../../results/index.js';

/** What a strategy costs at some selectivities, in any unit, always the same; only where it reaches the target. */
export interface CostCurve {
  readonly strategy: string;
  readonly points: readonly { readonly selectivity: number; readonly cost: Estimate }[];
}

/** A selectivity at which the choice changes. */
export interface Crossover {
  /** For filters that leave fewer rows; null when none reaches the target there. */
  readonly below: string | null;
  /** For filters that leave more rows. */
  readonly above: string | null;
  /**
   * `cost`: the costs of both are known on both sides and cross. `reach`: one of them reaches the target on one side
   * only; the change lies somewhere between two selectivities that were measured, and the interval is these.
   */
  readonly kind: 'cost' | 'reach';
  /** An end that lies beyond what was measured is null. */
  readonly selectivity: Estimate;
}

/** The choice at a selectivity that was measured. */
interface Choice {
  readonly selectivity: number;
  /** Null when none reaches the target there. */
  readonly strategy: string | null;
}

/**
 * Where the choice changes, from the most to the least selective filter. Between two selectivities that were measured,
 * the logarithm of a cost is taken to be linear in the logarithm of the selectivity: exact for costs in proportion to a
 * power of it, as those of sorting the matching rows and of scanning on until enough were found. Where the choice is one
 * between equals, the lines may cross beyond the two, and the change is then put at the end that is nearer.
 *
 * The interval of a crossing are the selectivities at which the difference of the log costs could be 0. Its bounds are
 * those of a difference of independent estimates, from the distances of their own bounds (method of variance estimates
 * recovery: Zou & Donner, Statistics in Medicine 27, 2008); costs over the same queries rise and fall together, so
 * that the interval is rather too wide.
 */
export function crossovers(curves: readonly CostCurve[], choices: readonly Choice[]): readonly Crossover[] {
  const logs = curves.map(toLogs);
  const sorted = choices.toSorted((a, b) => a.selectivity - b.selectivity);
  const places = [...new Set(sorted.map(({ selectivity }) => Math.log(selectivity)))];
  return sorted.slice(1).flatMap((above, i) => changeBetween(logs, places, sorted[i]!, above));
}

interface LogCost {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

interface LogCurve {
  readonly strategy: string;
  /** By the logarithm of the selectivity. */
  readonly points: ReadonlyMap<number, LogCost>;
}

function toLogs({ strategy, points }: CostCurve): LogCurve {
  const log = (value: number | null, otherwise: number): number => (value === null ? otherwise : Math.log(value));
  return {
    strategy,
    points: new Map(
      points.map(({ selectivity, cost }) => [
        Math.log(selectivity),
        { value: Math.log(cost.value), low: log(cost.low, -Infinity), high: log(cost.high, Infinity) },
      ]),
    ),
  };
}

function changeBetween(
  curves: readonly LogCurve[],
  places: readonly number[],
  below: Choice,
  above: Choice,
): readonly Crossover[] {
  if (below.strategy === above.strategy) return [];
  const [left, right] = [Math.log(below.selectivity), Math.log(above.selectivity)];
  const curveOf = ({ strategy }: Choice) =>
    curves.find((curve) => curve.strategy === strategy && curve.points.has(left) && curve.points.has(right));
  const [before, after] = [curveOf(below), curveOf(above)];
  const names = { below: below.strategy, above: above.strategy };
  if (before && after) {
    const at = crossing(before, after, left, right);
    return [{ ...names, kind: 'cost', selectivity: { value: Math.exp(at), ...interval(before, after, places, at) } }];
  }
  const middle = (left + right) / 2;
  return [
    {
      ...names,
      kind: 'reach',
      selectivity: { value: Math.exp(middle), low: Math.exp(left), high: Math.exp(right) },
    },
  ];
}

/** Where two lines cross; the end that is nearer to it when that is beyond. */
function crossing(before: LogCurve, after: LogCurve, left: number, right: number): number {
  const excess = (place: number): number => after.points.get(place)!.value - before.points.get(place)!.value;
  const [atLeft, atRight] = [excess(left), excess(right)];
  const share = atLeft / (atLeft - atRight);
  if (share >= 0 && share <= 1) return left + share * (right - left);
  return Math.abs(atLeft) <= Math.abs(atRight) ? left : right;
}

/** How far to both sides of a crossing the difference of two log costs could be 0. */
function interval(before: LogCurve, after: LogCurve, places: readonly number[], at: number): Omit<Estimate, 'value'> {
  const shared = places.filter((place) => before.points.has(place) && after.points.has(place));
  const left = shared.filter((place) => place <= at).toReversed();
  const right = shared.filter((place) => place >= at);
  // How surely the one is cheaper than the other: the bound of the difference, above 0 where there is no doubt.
  const sureOf = (cheap: LogCurve, dear: LogCurve) => (place: number) => ({
    place,
    sureness: -upperDifference(cheap.points.get(place)!, dear.points.get(place)!),
  });
  // Each way begins at the nearest place on the other side, where there is doubt at least.
  const low = whereSure([...right.slice(0, 1), ...left].map(sureOf(before, after)));
  const high = whereSure([...left.slice(0, 1), ...right].map(sureOf(after, before)));
  return {
    low: low === null ? null : Math.exp(Math.min(low, at)),
    high: high === null ? null : Math.exp(Math.max(high, at)),
  };
}

/** Upper bound of a − b. */
const upperDifference = (a: LogCost, b: LogCost): number =>
  a.value - b.value + Math.hypot(a.high - a.value, b.value - b.low);

/** Where the line through these points first rises above 0; null when it never does. */
function whereSure(points: readonly { readonly place: number; readonly sureness: number }[]): number | null {
  const i = points.findIndex(({ sureness }) => sureness > 0);
  const [from, to] = [points[i - 1], points[i]];
  if (!from || !to) return null;
  if (from.sureness === -Infinity) return to.place;
  return to.place + ((from.place - to.place) * to.sureness) / (to.sureness - from.sureness);
}
