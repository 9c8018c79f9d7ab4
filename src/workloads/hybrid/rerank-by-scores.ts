/**
 * Rows in the order of a re-ranker's scores, best first; those that it did not score follow in their own order.
 *
 * @param rows row numbers, best first
 * @param scores by row number, the higher the better
 */
export function rerankByScores(rows: readonly number[], scores: ReadonlyMap<number, number>): readonly number[] {
  const scored = rows.filter((row) => scores.has(row)).toSorted((a, b) => scores.get(b)! - scores.get(a)!);
  return [...scored, ...rows.filter((row) => !scores.has(row))];
}
