/** A row and how good it is: the higher the better. */
export interface Scored {
  /** Number of the row. */
  readonly id: number;
  readonly score: number;
}

/** The whole answer of one leg to one query. */
export interface Leg {
  /** Best first; equal scores by id. */
  readonly ranking: readonly Scored[];
  /** The score of any row of the table; undefined when the leg cannot return it: its text does not match. */
  readonly scoreOf: (id: number) => number | undefined;
}

/** Both legs' answers to one query. The score of the vector leg is the negative distance. */
export interface Legs {
  readonly vector: Leg;
  readonly text: Leg;
}

/**
 * A leg from rows in any order. Rows without a score (NaN: no distance is defined) are left out.
 *
 * @param scoreOf scores of rows beyond those given, where the leg was cut off; default: it was not
 */
export function legOf(rows: Iterable<Scored>, scoreOf?: Leg['scoreOf']): Leg {
  const ranking = [...rows].filter(({ score }) => !Number.isNaN(score)).sort(byScore);
  const scores = new Map(ranking.map(({ id, score }) => [id, score]));
  return { ranking, scoreOf: (id) => scores.get(id) ?? scoreOf?.(id) };
}

/** The order of every ranking here, in SQL and in JavaScript: best first, equal scores by id. */
export const byScore = (a: Scored, b: Scored): number => b.score - a.score || a.id - b.id;
