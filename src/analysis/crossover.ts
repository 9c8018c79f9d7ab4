import type { Estimate } from '../results/index.js';

/** What a strategy costs at some selectivities, in any unit, always the same; only where it reaches the target. */
export interface CostCurve {
  readonly strategy: string;
  readonly points: readonly { readonly selectivity: number; readonly cost: Estimate }[];
}

/** A selectivity at which the cheapest strategy changes. */
export interface Crossover {
  /** Cheapest for filters that leave fewer rows; null when none reaches the target there. */
  readonly below: string | null;
  /** Cheapest for filters that leave more rows. */
  readonly above: string | null;
  /**
   * `cost`: the costs of both are known on both sides and cross. `reach`: one of them reaches the target on one side
   * only; the change lies somewhere between two selectivities that were measured, and the interval is these.
   */
  readonly kind: 'cost' | 'reach';
  /** An end that lies beyond what was measured is null. */
  readonly selectivity: Estimate;
}

/**
 * Where the cheapest strategy changes, from the most to the least selective filter. The logarithm of a cost is taken to
 * be linear in the logarithm of the selectivity between two that were measured: exact for costs in proportion to a power
 * of it, as those of sorting the matching rows and of scanning on until enough were found.
 *
 * The interval of a crossing are the selectivities at which the difference of the log costs could be 0. Its bounds are
 * those of a difference of independent estimates, from the distances of their own bounds (method of variance estimates
 * recovery: Zou & Donner, Statistics in Medicine 27, 2008); costs over the same queries rise and fall together, so
 * that the interval is rather too wide.
 *
 * @param selectivities all that were measured, if there are some where no strategy reaches the target
 */
export function crossovers(
  curves: readonly CostCurve[],
  selectivities: readonly number[] = curves.flatMap(({ points }) => points.map(({ selectivity }) => selectivity)),
): readonly Crossover[] {
  const logs = curves.map(toLogs);
  const places = [...new Set(selectivities.map(Math.log))].sort((a, b) => a - b);
  const found: Crossover[] = [];
  for (let i = 0; i + 1 < places.length; i++) found.push(...changesBetween(logs, places, i));
  return found;
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

function changesBetween(curves: readonly LogCurve[], places: readonly number[], i: number): readonly Crossover[] {
  const [left, right] = [places[i]!, places[i + 1]!];
  const below = cheapestAt(curves, left);
  const above = cheapestAt(curves, right);
  if (below === above) return [];
  const onBothSides = curves.filter(({ points }) => points.has(left) && points.has(right));
  if (below && above && onBothSides.includes(below) && onBothSides.includes(above)) {
    return crossings(onBothSides, { left, right, below, above }).map(({ before, after, at }) => ({
      below: before.strategy,
      above: after.strategy,
      kind: 'cost',
      selectivity: { value: Math.exp(at), ...interval(before, after, places, at) },
    }));
  }
  const middle = (left + right) / 2;
  return [
    {
      below: below?.strategy ?? null,
      above: above?.strategy ?? null,
      kind: 'reach',
      selectivity: { value: Math.exp(middle), low: Math.exp(left), high: Math.exp(right) },
    },
  ];
}

function cheapestAt(curves: readonly LogCurve[], place: number): LogCurve | null {
  let cheapest: LogCurve | null = null;
  for (const curve of curves) {
    const cost = curve.points.get(place)?.value ?? Infinity;
    if (cost < (cheapest?.points.get(place)?.value ?? Infinity)) cheapest = curve;
  }
  return cheapest;
}

interface Crossing {
  readonly before: LogCurve;
  readonly after: LogCurve;
  readonly at: number;
}

/** Follows the cheapest line from left to right: at each step to the one that crosses it first. */
function crossings(
  curves: readonly LogCurve[],
  { left, right, below, above }: { left: number; right: number; below: LogCurve; above: LogCurve },
): readonly Crossing[] {
  const valueAt = (curve: LogCurve, place: number): number => curve.points.get(place)!.value;
  const slope = (curve: LogCurve): number => valueAt(curve, right) - valueAt(curve, left);
  const found: Crossing[] = [];
  let current = below;
  while (current !== above) {
    const before = current;
    const steps = curves
      .filter((curve) => slope(curve) < slope(before))
      .map((after) => {
        const share = (valueAt(after, left) - valueAt(before, left)) / (slope(before) - slope(after));
        return { before, after, at: left + share * (right - left) };
      })
      // The steepest of those that cross at one place goes on from there.
      .sort((a, b) => a.at - b.at || slope(a.after) - slope(b.after));
    found.push(steps[0]!);
    current = steps[0]!.after;
  }
  return found;
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
