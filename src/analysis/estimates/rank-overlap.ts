/*
 * How alike two rankings of the same rows are. Rows are named by number; a ranking names none twice.
 */

/**
 * Rows that two rankings have in common among their first k, as a share of the most that they could: min(k, the longer
 * one). Order within the k does not count. 1 for two empty rankings.
 */
export function overlapAt(a: readonly number[], b: readonly number[], k: number): number {
  const first = new Set(a.slice(0, k));
  const second = b.slice(0, k);
  const most = Math.max(first.size, second.length);
  return most === 0 ? 1 : second.filter((row) => first.has(row)).length / most;
}

/**
 * Rank-biased overlap, extrapolated: the mean agreement over all depths, where depth d weighs p^(d−1). It counts order,
 * the top most of all, and takes rankings of unequal length: beyond their ends, they are assumed to agree as they did.
 * From 0 (disjoint) to 1 (identical). 1 for two empty rankings, 0 if one of them is empty.
 *
 * Webber, Moffat & Zobel, A similarity measure for indefinite rankings, ACM TOIS 28 (4), 2010, equation 32.
 *
 * @param p persistence, in (0, 1): how far down a reader looks. At 0.9 the first 10 rows have 86 % of the weight
 *   ({@link topWeight}); at 0.8 the first 5 have 86 %.
 */
export function rankBiasedOverlap(a: readonly number[], b: readonly number[], p: number): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  const [s, l] = [short.length, long.length];
  if (l === 0) return 1;
  if (s === 0) return 0;
  const inShort = new Set<number>();
  const inLong = new Set<number>();
  let common = 0;
  let commonAtShort = 0;
  let sum = 0;
  for (let d = 1; d <= l; d++) {
    const next = long[d - 1]!;
    if (inShort.has(next)) common++;
    inLong.add(next);
    const other = short[d - 1];
    if (other !== undefined) {
      if (inLong.has(other)) common++;
      inShort.add(other);
    }
    if (d === s) commonAtShort = common;
    // Below its end the shorter ranking is assumed to go on agreeing as it did.
    const assumed = d > s ? (commonAtShort * (d - s)) / s : 0;
    sum += ((common + assumed) / d) * p ** d;
  }
  const overlap = ((1 - p) / p) * sum + ((common - commonAtShort) / l + commonAtShort / s) * p ** l;
  // The weights of identical rankings add up to a little more than 1 in floating point.
  return Math.min(1, overlap);
}

/** Share of the weight that {@link rankBiasedOverlap} gives to the first `depth` ranks; equation 21 of its paper. */
export function topWeight(p: number, depth: number): number {
  let sum = 0;
  for (let i = 1; i < depth; i++) sum += p ** i / i;
  return 1 - p ** (depth - 1) + ((1 - p) / p) * depth * (-Math.log1p(-p) - sum);
}
