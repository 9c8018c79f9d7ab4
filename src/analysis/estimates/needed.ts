import { bettingInterval, LOG_TARGET } from '../stats/betting.js';

/** Queries that the betting interval takes for a width, against normal theory where that holds: 1.1 to 1.4 (simulated). */
const COST_OF_BETTING = 1.25;

/**
 * How many queries it takes until the betting interval of a mean recall such as this one reaches about `halfWidth`
 * below it.
 *
 * Where recall varies, the variance decides: (1.96·s/halfWidth)². Near 1, where the variance goes to 0, it is what it
 * takes to rule out failures that have not shown up: ln(2/α)/halfWidth. The two are added as squares, which is right at
 * both ends. A sample that met no failure cannot know the variance; one failed query more than were seen is assumed.
 *
 * @param recalls one per query, in [0, 1], at least one
 * @param halfWidth in (0, 1), in units of recall: 0.005 is half a percentage point
 */
export function queriesNeeded(recalls: ArrayLike<number>, halfWidth: number): number {
  const x = [...Array.from(recalls), 0];
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  return Math.ceil(Math.hypot((COST_OF_BETTING * 1.96 ** 2 * variance) / halfWidth ** 2, LOG_TARGET / halfWidth));
}

/**
 * How many queries it takes to show a recall of at least `target` when every one of them is answered perfectly. With
 * fewer there is no need to measure: the lower end of the interval cannot reach it. (0.95 takes 73, 0.99 371, 0.999 3727.)
 *
 * @param target in (0, 1); 1 cannot be shown by any number
 */
export function queriesToShow(target: number): number {
  if (target >= 1) return Infinity;
  const shows = (queries: number): boolean => bettingInterval(new Float64Array(queries).fill(1)).low >= target;
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
