/**
 * The least value that reaches what is wanted, as all greater ones do. Going down from the greatest and stopping at the
 * first that is not shown to reach it, the chance of an error is that of one interval, however many values there are (fixed
 * sequence; Maurer, Hothorn & Lehmacher 1995).
 *
 * @param reached whether each of the values, ascending, is shown to reach it
 * @returns null when the greatest is not
 */
export function leastReaching(values: readonly number[], reached: readonly boolean[]): number | null {
  return values[reached.lastIndexOf(false) + 1] ?? null;
}
