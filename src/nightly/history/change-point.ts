import { holm, median } from '../../analysis/index.js';
import { createRandom, type Random } from '../../random.js';

/** Where a series changed its level. */
export interface ChangePoint {
  /** Position of the first night of the new level. */
  readonly at: number;
  /** Medians of the level before, and of the nights since. */
  readonly before: number;
  readonly since: number;
  /** How often a series as long without a change splits as clearly somewhere, by chance. */
  readonly p: number;
}

/** Of a change reported for any series where none changes; nominal, see docs/nightly.md for what was simulated. */
export const FALSE_ALARMS = 0.05;

/** Nights on each side of a change, at least. */
const LEAST_SIDE = 3;
/** Changes are looked for among so many nights, the last of a series. */
const MOST_NIGHTS = 100;

/**
 * The latest change of level of each series, null where none is shown.
 *
 * The statistic is the largest standardised rank sum over all places to split; ranks do not mind outliers (Pettitt, A
 * non-parametric approach to the change-point problem, Applied Statistics 28, 1979). Nights that resemble the night before
 * split by chance more clearly than independent ones. So the p-value is that among autoregressive series of the same length,
 * as alike as this one may well be: the correlation of neighbours is measured about both levels, and taken for the highest
 * at which a fifth of series show one as low. Holm's procedure holds the false alarms over all series. Where a
 * series has changed, its nights since are looked at again.
 */
export function createChangeFinder(): (series: readonly (readonly number[])[]) => readonly (ChangePoint | null)[] {
  const nulls = createNulls();
  return (series) => {
    const looks = series.map((values) => clearestSplit(values, Math.max(0, values.length - MOST_NIGHTS), nulls));
    const tested = looks.flatMap((look) => look ?? []);
    const adjusted = new Map(holm(tested.map(({ p }) => p)).map((p, i) => [tested[i]!, p]));
    return looks.map((look, i) => {
      let change = look && adjusted.get(look)! <= FALSE_ALARMS ? look : null;
      for (let next = change; next;) {
        next = clearestSplit(series[i]!, next.at, nulls);
        if (!next || next.p * tested.length > FALSE_ALARMS) break;
        change = next;
      }
      return change;
    });
  };
}

/** The clearest split of the nights from one on; null where they are too few. */
function clearestSplit(all: readonly number[], from: number, nulls: Nulls): ChangePoint | null {
  const values = all.slice(from);
  const n = values.length;
  if (n < 2 * LEAST_SIDE) return null;
  const ranks = ranksOf(values);
  const { at, statistic } = largestSplit(ranks);
  const p = nulls.chanceOf(statistic, n, nulls.likenessFor(lagOne(ranks, at), n));
  return { at: from + at, before: median(values.slice(0, at)), since: median(values.slice(at)), p };
}

/** What series without a change are like, by their length. */
interface Nulls {
  /** The correlation of neighbouring nights that is assumed where `seen` is measured. */
  likenessFor(seen: number, nights: number): number;
  /** How often the clearest split is as clear. */
  chanceOf(statistic: number, nights: number, likeness: number): number;
}

const DRAWS = 4999;
/** Series for each likeness, whose measured likeness is looked at. */
const LIKENESS_DRAWS = 200;
const LIKENESSES = Array.from({ length: 19 }, (_, i) => i / 20);
/** A likeness is assumed as long as the measured one is among the lowest of this share. */
const LOW = 0.2;

function createNulls(): Nulls {
  const statistics = new Map<string, Float64Array>();
  const lows = new Map<number, readonly number[]>();
  return {
    likenessFor(seen, nights) {
      const known = lows.get(nights) ?? LIKENESSES.map((likeness) => lowLikeness(nights, likeness));
      lows.set(nights, known);
      const last = known.findLastIndex((low) => seen >= low);
      return LIKENESSES[Math.max(0, last)]!;
    },
    chanceOf(statistic, nights, likeness) {
      const key = `${nights} ${likeness}`;
      const known = statistics.get(key) ?? nullStatistics(nights, likeness);
      statistics.set(key, known);
      const asLarge = known.length - firstAbove(known, statistic - 1e-12);
      return (asLarge + 1) / (known.length + 1);
    },
  };
}

function lowLikeness(nights: number, likeness: number): number {
  const random = createRandom(`likeness ${nights} ${likeness}`);
  const seen = Float64Array.from({ length: LIKENESS_DRAWS }, () => {
    const ranks = ranksOf(autoregressive(random, nights, likeness));
    return lagOne(ranks, largestSplit(ranks).at);
  });
  return seen.sort()[Math.floor(LOW * LIKENESS_DRAWS)]!;
}

/** Ascending. Tied values split less clearly than these, never more. */
function nullStatistics(nights: number, likeness: number): Float64Array {
  const random = createRandom(`split ${nights} ${likeness}`);
  const draw = (): number => largestSplit(ranksOf(autoregressive(random, nights, likeness))).statistic;
  return Float64Array.from({ length: DRAWS }, draw).sort();
}

/** A stationary normal series in which neighbours are correlated. */
function autoregressive(random: Random, nights: number, likeness: number): readonly number[] {
  let value = random.normal() / Math.sqrt(1 - likeness ** 2);
  return Array.from({ length: nights }, () => {
    const now = value;
    value = likeness * value + random.normal();
    return now;
  });
}

function firstAbove(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function largestSplit(ranks: ArrayLike<number>): { readonly at: number; readonly statistic: number } {
  const n = ranks.length;
  const middle = (n + 1) / 2;
  let best = { at: LEAST_SIDE, statistic: -1 };
  let sum = 0;
  for (let at = 1; at <= n - LEAST_SIDE; at++) {
    sum += ranks[at - 1]! - middle;
    if (at < LEAST_SIDE) continue;
    const statistic = Math.abs(sum) / Math.sqrt((at * (n - at) * (n + 1)) / 12);
    if (statistic > best.statistic) best = { at, statistic };
  }
  return best;
}

/** Ties share their mean rank. */
function ranksOf(values: readonly number[]): Float64Array {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const position of order.slice(from, to)) ranks[position] = (from + to + 1) / 2;
  }
  return ranks;
}

/** Correlation of neighbours about the levels on both sides of a split: the change itself is no likeness of nights. */
function lagOne(ranks: Float64Array, at: number): number {
  const about = (side: Float64Array): Float64Array => {
    const mean = side.reduce((sum, rank) => sum + rank, 0) / side.length;
    return side.map((rank) => rank - mean);
  };
  const of = [...about(ranks.subarray(0, at)), ...about(ranks.subarray(at))];
  const all = of.reduce((sum, value) => sum + value * value, 0);
  return all === 0 ? 0 : of.slice(1).reduce((sum, value, i) => sum + value * of[i]!, 0) / all;
}
