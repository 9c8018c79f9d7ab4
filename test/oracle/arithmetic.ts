/*
 * Plain arithmetic, written a second time: nothing here is imported from the program. What the program measures is compared
 * with what these few lines say.
 */

export type OracleMetric = 'l2' | 'ip' | 'cosine' | 'l1';

/** A row and its distance, or its score. */
export interface Placed {
  readonly id: number;
  readonly value: number;
}

/** Of integers all sums are exact, whatever the order. */
export function distanceOf(metric: OracleMetric, a: readonly number[], b: readonly number[]): number {
  const sum = (of: (x: number, y: number) => number): number => a.reduce((total, x, i) => total + of(x, b[i]!), 0);
  const product = sum((x, y) => x * y);
  if (metric === 'l2') return Math.sqrt(sum((x, y) => (x - y) ** 2));
  if (metric === 'l1') return sum((x, y) => Math.abs(x - y));
  if (metric === 'ip') return -product;
  const lengths = Math.sqrt(sum((x) => x * x) * sum((_, y) => y * y));
  return 1 - Math.max(-1, Math.min(1, product / lengths));
}

/** Nearest first, equal distances by id. */
export const ascending = (rows: readonly Placed[]): readonly Placed[] =>
  rows.toSorted((a, b) => a.value - b.value || a.id - b.id);

/** Highest first, equal scores by id. */
export const descending = (rows: readonly Placed[]): readonly Placed[] =>
  rows.toSorted((a, b) => b.value - a.value || a.id - b.id);

/** What is said of the answers to some queries. */
export interface Agreement {
  readonly hits: readonly number[];
  readonly recall: number;
  readonly least: number;
  readonly strict: number;
  readonly completeness: number;
  readonly short: number;
  readonly excluded: number;
}

/** One query: the rows that came, those that should have, best first, and which others would do as well. */
export interface Answer {
  readonly got: readonly number[];
  readonly right: readonly number[];
  readonly asGood: (id: number) => boolean;
}

/** By counting: a query's recall is the rows that are right over those that there are, at most k. */
export function agreementOf(answers: readonly Answer[]): Agreement {
  const hits = answers.map(({ got, right, asGood }) =>
    Math.min(right.length, new Set(got.filter((id) => right.includes(id) || asGood(id))).size),
  );
  const strict = answers.map(({ got, right }) => new Set(got.filter((id) => right.includes(id))).size);
  const came = answers.map(({ got, right }) => Math.min(right.length, new Set(got).size));
  const counted = answers.flatMap(({ right }, query) => (right.length > 0 ? [query] : []));
  const shares = (counts: readonly number[]): readonly number[] =>
    counted.map((query) => counts[query]! / answers[query]!.right.length);
  return {
    hits,
    recall: mean(shares(hits)),
    least: Math.min(...shares(hits)),
    strict: mean(shares(strict)),
    completeness: mean(shares(came)),
    short: shares(came).filter((share) => share < 1).length,
    excluded: answers.length - counted.length,
  };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Sum of the distances of what came over that of as many of the nearest; null where that is no number, or of inner products.
 */
export function farOf(got: readonly number[], nearest: readonly number[], metric: OracleMetric): number | null {
  const count = Math.min(got.length, nearest.length);
  const sum = (values: readonly number[]): number =>
    values
      .toSorted((a, b) => a - b)
      .slice(0, count)
      .reduce((total, value) => total + value, 0);
  if (metric === 'ip') return null;
  if (sum(nearest) > 0) return sum(got) / sum(nearest);
  return count > 0 && sum(got) === 0 ? 1 : null;
}

/**
 * Rank-biased overlap by its definition, an infinite sum over depths (Webber, Moffat & Zobel 2010): beyond the end of a
 * ranking, the agreement that it had there is taken to go on.
 */
export function overlapByRank(a: readonly number[], b: readonly number[], persistence = 0.9): number {
  if (a.length === 0 && b.length === 0) return 1;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (short.length === 0) return 0;
  const common = (depth: number): number =>
    short.slice(0, depth).filter((id) => long.slice(0, depth).includes(id)).length;
  const ended = common(short.length) / short.length;
  const atEnd = (common(long.length) - common(short.length)) / long.length + ended;
  let total = 0;
  for (let depth = 1; depth <= 400; depth++) {
    const assumed = ended * Math.max(0, depth - short.length);
    const agreement = depth > long.length ? atEnd : (common(depth) + assumed) / depth;
    total += (1 - persistence) * persistence ** (depth - 1) * agreement;
  }
  return total;
}

/** Normalised discounted cumulative gain of the first k; null without a relevant row. */
export function gainOf(ranking: readonly number[], grades: ReadonlyMap<number, number>, k: number): number | null {
  const gain = (of: readonly number[]): number =>
    of.slice(0, k).reduce((sum, grade, i) => sum + Math.max(0, grade) / Math.log2(i + 2), 0);
  const best = gain([...grades.values()].sort((a, b) => b - a));
  return best === 0 ? null : gain(ranking.map((id) => grades.get(id) ?? 0)) / best;
}
