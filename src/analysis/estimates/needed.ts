import { bettingLowerBound, logTarget, ONE_END_OF_95 } from '../stats/betting.js';
import { normalQuantile } from '../stats/normal.js';

/** Queries that the betting interval takes for a width, against normal theory where that holds: 1.1 to 1.4 (simulated). */
const COST_OF_BETTING = 1.25;

/**
 * How many queries it takes until the lower bound of a mean recall such as this one lies about `halfWidth` below it.
 *
 * Where recall varies, the variance decides: (z·s/halfWidth)². Near 1, where the variance goes to 0, it is what it
 * takes to rule out failures that have not shown up: ln(1/α)/halfWidth. The two are added as squares, which is right at
 * both ends. A sample that met no failure cannot know the variance; one failed query more than were seen is assumed.
 *
 * @param recalls one per query, in [0, 1], at least one
 * @param halfWidth in (0, 1), in units of recall: 0.005 is half a percentage point
 * @param confidence in the bound; by default that of the lower end of a 95 % interval
 */
export function queriesNeeded(recalls: ArrayLike<number>, halfWidth: number, confidence = ONE_END_OF_95): number {
  const x = [...Array.from(recalls), 0];
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const z = normalQuantile(confidence);
  return Math.ceil(
    Math.hypot((COST_OF_BETTING * z ** 2 * variance) / halfWidth ** 2, logTarget(confidence) / halfWidth),
  );
}

/**
 * How many queries it takes to show a recall of at least `target` when every one of them is answered perfectly. With
 * fewer there is no need to measure: the lower bound cannot reach it. (With a confidence of 0.95, 0.95 takes 60, 0.99 301,
 * 0.999 3,026.)
 *
 * @param target in (0, 1); 1 cannot be shown by any number
 * @param confidence by default that of the lower end of a 95 % interval
 */
export function queriesToShow(target: number, confidence = ONE_END_OF_95): number {
  if (target >= 1) return Infinity;
  const shows = (queries: number): boolean =>
    bettingLowerBound(new Float64Array(queries).fill(1), confidence) >= target;
  let few = 0;
  let enough = 1;
  while (!shows(enough)) {
    few = enough;
    enough *= 2;
  }
  while (enough - few > 1) {
    const middle = (few + enough) >> 1;
    if (shows(middle)) enough = middle;
    else few = middle;
  }
  return enough;
}
