/*
 * How good a ranking is, given which rows somebody judged relevant. Rows without a judgement count as not relevant. A
 * query without any relevant row has no quality: null, to be counted and left out.
 */

/** Relevant rows of one query, by number, with their grades; a grade of 0 or less says "not relevant". */
export type Grades = ReadonlyMap<number, number>;

/**
 * Normalised discounted cumulative gain of the first k rows, 0 … 1: gains are the grades, divided by log₂(rank + 1), and
 * the best ranking possible has 1.
 *
 * Järvelin & Kekäläinen, Cumulated gain-based evaluation of IR techniques, ACM TOIS 20 (4), 2002, as `ndcg_cut` of
 * trec_eval computes it.
 */
export function ndcgAt(ranking: readonly number[], grades: Grades, k: number): number | null {
  const ideal = discountedGain([...grades.values()].sort((a, b) => b - a).slice(0, k));
  if (ideal === 0) return null;
  const gain = discountedGain(distinct(ranking, k).map((row) => grades.get(row) ?? 0));
  // Sums of the same gains in another order may differ by a rounding.
  return Math.min(1, gain / ideal);
}

const discountedGain = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, i) => sum + Math.max(0, gain) / Math.log2(i + 2), 0);

/** One over the rank of the first relevant row among the first k, 0 if there is none. Its mean over queries is MRR@k. */
export function reciprocalRankAt(ranking: readonly number[], grades: Grades, k: number): number | null {
  if (relevantRows(grades) === 0) return null;
  const first = ranking.slice(0, k).findIndex((row) => isRelevant(grades, row));
  return first < 0 ? 0 : 1 / (first + 1);
}

/** Relevant rows among the first k over all relevant rows: below 1 by necessity where there are more than k. */
export function judgedRecallAt(ranking: readonly number[], grades: Grades, k: number): number | null {
  const relevant = relevantRows(grades);
  if (relevant === 0) return null;
  return distinct(ranking, k).filter((row) => isRelevant(grades, row)).length / relevant;
}

/** The first k rows; a row that is named again counts for nothing there. */
const distinct = (ranking: readonly number[], k: number): readonly number[] => [...new Set(ranking.slice(0, k))];

const isRelevant = (grades: Grades, row: number): boolean => (grades.get(row) ?? 0) > 0;

const relevantRows = (grades: Grades): number => [...grades.values()].filter((grade) => grade > 0).length;
