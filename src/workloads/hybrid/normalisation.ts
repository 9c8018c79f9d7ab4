import { byScore, type Scored } from './leg.js';
import { float8 } from './question.js';

/**
 * What makes the scores of unlike legs comparable: distances and text ranks differ in scale, and the scale differs from
 * query to query. In SQL and in JavaScript alike, operation by operation.
 */
export interface Normalisation {
  /** Value of a row among the rows `(id, score)` of its leg. */
  readonly value: string;
  /** Value of a row that the leg did not return, as SQL over the leg's rows `(id, value)`. */
  readonly missing: (values: string) => string;
  /** Values of a leg's rows, in their order, and of a row that it did not return. */
  readonly normalise: (rows: readonly Scored[]) => { readonly values: readonly number[]; readonly missing: number };
}

/** 1/(k + rank), 0 for a row that the leg did not return. Only the order of a leg counts. */
export const reciprocalRank = (k: number): Normalisation => ({
  value: `1 / (${k} + row_number() OVER (ORDER BY score DESC, id))::float8`,
  missing: () => float8(0),
  normalise: (rows) => {
    const rank = new Map(rows.toSorted(byScore).map(({ id }, i) => [id, i + 1]));
    return { values: rows.map(({ id }) => 1 / (k + rank.get(id)!)), missing: 0 };
  },
});

/** From 0 for the leg's last row to 1 for its first, 1 for all where they are equal; 0 for a row it did not return. */
export const minMax: Normalisation = {
  value: 'coalesce((score - min(score) OVER ()) / nullif(max(score) OVER () - min(score) OVER (), 0), 1)',
  missing: () => float8(0),
  normalise: (rows) => {
    const scores = rows.map(({ score }) => score);
    const min = Math.min(...scores);
    const range = Math.max(...scores) - min;
    return { values: scores.map((score) => (range === 0 ? 1 : (score - min) / range)), missing: 0 };
  },
};

/**
 * Standard deviations above the mean of the leg's rows, 0 for all where they are equal. A row that the leg did not return
 * has the value of its last row: it is at most as good as that.
 */
export const zScore: Normalisation = {
  value: 'coalesce((score - avg(score) OVER ()) / nullif(stddev_pop(score) OVER (), 0), 0)',
  missing: (values) => `coalesce((SELECT min(value) FROM ${values}), 0)`,
  normalise: (rows) => {
    if (rows.length === 0) return { values: [], missing: 0 };
    const mean = rows.reduce((sum, { score }) => sum + score, 0) / rows.length;
    const deviation = Math.sqrt(rows.reduce((sum, { score }) => sum + (score - mean) ** 2, 0) / rows.length);
    const values = rows.map(({ score }) => (deviation === 0 ? 0 : (score - mean) / deviation));
    return { values, missing: Math.min(...values) };
  },
};
