/** Recall of an existing index on its own table, as it was measured for the audit. */
export interface MeasuredIndex {
  readonly indexOid: number;
  /**
   * `no-index-used`: the planner serves the search otherwise; `void`: the server was started again meanwhile; `refused`: the table
   * holds too few vectors, or a statement took too long.
   */
  readonly outcome: 'measured' | 'no-index-used' | 'void' | 'refused';
  /** Neighbours that were asked for, and queries: rows of the table, each looking for the others. */
  readonly k: number;
  readonly queries: number;
  /** Mean over the queries with its 95 % interval; null unless measured. */
  readonly recall: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** Client wall time of a query; null unless measured. */
  readonly medianMs: number | null;
  /** Search settings that were in force: `hnsw.ef_search=40`. */
  readonly settings: readonly string[];
}
