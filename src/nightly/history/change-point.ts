import { createRandom } from '../../random.js';

/** Where a series changed its level. */
export interface ChangePoint {
  /** Position of the first night of the new level. */
  readonly at: number;
  /** Medians before and since. */
  readonly before: number;
  readonly since: number;
  /** Share of shuffled series that change as much somewhere: at most the chance of a false alarm for the whole series. */
  readonly p: number;
}

/** Nights on each side of a change, at least. */
const LEAST_SIDE = 3;
const PERMUTATIONS = 1999;
/** Correlation of neighbouring nights beyond which they are shuffled in pairs. */
const MOST_LIKENESS = 0.2;
/** The chance of a false alarm for a series in which nothing changes. */
export const FALSE_ALARMS = 0.01;

/**
 * The clearest change of level of a series, if it is one. The statistic is the largest standardised rank sum over all places
 * to split; ranks do not mind outliers. Its distribution where nothing changed is that over shuffles of the same values, so
 * that the p-value holds for the whole series, however many places were looked at (Pettitt, A non-parametric approach to the
 * change-point problem, Applied Statistics 28, 1979). Neighbouring nights that resemble each other are shuffled in
 * pairs, which keeps their likeness.
 *
 * @param smallest change of the median that matters, as a share
 */
export function changePoint(values: readonly number[], smallest: number): ChangePoint | null {
  const n = values.length;
  if (n < 2 * LEAST_SIDE) return null;
  const ranks = ranksOf(values);
  const seen = largestSplit(ranks);
  const random = createRandom('change point');
  const block = lagOne(ranks, seen.at) > MOST_LIKENESS ? 2 : 1;
  const blocks = Array.from({ length: Math.ceil(n / block) }, (_, i) => ranks.slice(i * block, (i + 1) * block));
  let asLarge = 0;
  for (let i = 0; i < PERMUTATIONS; i++) {
    if (largestSplit(random.shuffle([...blocks]).flat()).statistic >= seen.statistic - 1e-12) asLarge++;
  }
  const p = (asLarge + 1) / (PERMUTATIONS + 1);
  const [before, since] = [median(values.slice(0, seen.at)), median(values.slice(seen.at))];
  if (p > FALSE_ALARMS || Math.abs(since / before - 1) < smallest) return null;
  return { at: seen.at, before, since, p };
}

function largestSplit(ranks: readonly number[]): { readonly at: number; readonly statistic: number } {
  const n = ranks.length;
  const middle = (n + 1) / 2;
  let best = { at: LEAST_SIDE, statistic: -1 };
  let sum = ranks.slice(0, LEAST_SIDE).reduce((total, rank) => total + rank - middle, 0);
  for (let at = LEAST_SIDE; at <= n - LEAST_SIDE; at++) {
    const statistic = Math.abs(sum) / Math.sqrt((at * (n - at) * (n + 1)) / 12);
    if (statistic > best.statistic) best = { at, statistic };
    sum += ranks[at]! - middle;
  }
  return best;
}

/** Ties share their mean rank. */
function ranksOf(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  return values.map((value) => (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2 + 1);
}

/** Correlation of neighbours about the levels on both sides of a split: the change itself is no likeness of nights. */
function lagOne(ranks: readonly number[], at: number): number {
  const about = (side: readonly number[]): readonly number[] => {
    const mean = side.reduce((sum, rank) => sum + rank, 0) / side.length;
    return side.map((rank) => rank - mean);
  };
  const of = [...about(ranks.slice(0, at)), ...about(ranks.slice(at))];
  const all = of.reduce((sum, value) => sum + value * value, 0);
  return all === 0 ? 0 : of.slice(1).reduce((sum, value, i) => sum + value * of[i]!, 0) / all;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
