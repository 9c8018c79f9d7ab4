/** How complete the answers of a point's queries are. */
export interface CompletenessHistogram {
  /**
   * Queries by the share of the rows they could have returned: eleven counts, the i-th of shares from i/10 to below
   * (i + 1)/10, the last of complete answers.
   */
  readonly tenths: readonly number[];
  /** Queries that returned nothing although there was something. */
  readonly empty: number;
  /** Queries that could return something: all that are counted. */
  readonly queries: number;
}

/**
 * A mean completeness of one half may be every query with half of its rows, or half of the queries with none.
 *
 * @param returned distinct rows that each query returned
 * @param expected min(k, rows that match) of each query; those without any are left out
 */
export function completenessHistogram(returned: ArrayLike<number>, expected: ArrayLike<number>): CompletenessHistogram {
  if (returned.length !== expected.length) {
    throw new RangeError(`Expected a count for each of ${expected.length} queries, got ${returned.length}.`);
  }
  const tenths = Array.from({ length: 11 }, () => 0);
  let empty = 0;
  let queries = 0;
  for (let query = 0; query < expected.length; query++) {
    const possible = expected[query]!;
    if (possible === 0) continue;
    const rows = Math.min(returned[query]!, possible);
    tenths[Math.floor((10 * rows) / possible)]! += 1;
    if (rows === 0) empty++;
    queries++;
  }
  return { tenths, empty, queries };
}
