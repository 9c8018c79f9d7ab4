import type { RecallSummary } from '../../analysis/index.js';
import type { FoundObstacle, Measured } from '../../results/index.js';
import type { Settings } from '../../postgres/index.js';
import type { SearchedIndex } from '../../statements/index.js';

/** Why an application's statement does or does not use an index on its vectors, and what to change. */
export interface SearchExplanation {
  readonly server: { readonly version: string; readonly pgvector: string };
  readonly statement: string;
  readonly table: string;
  readonly column: string;
  /** Of the statement: `<=>`. */
  readonly operator: string;
  readonly parameters: readonly StatementParameter[];
  /** Every index on the vectors. */
  readonly indexes: readonly SearchedIndex[];
  /** As the application gets it. */
  readonly plan: ExplainedPlan;
  readonly obstacles: readonly FoundObstacle[];
  /** The statement, and settings for its transaction, after what could be changed there; null: nothing could. */
  readonly changed: ChangedStatement | null;
  /** Null when it was not asked for, or no plan with the index is at hand. */
  readonly measured: MeasuredStatement | null;
  /**
   * `index used`; `mended`: the changed statement uses it, by its plan; `rows missing`: it uses the index, which loses
   * rows that nothing here brings back; `change needed`: it takes an index or statistics, which
   * are not tried here; `exact is right`: the planner's plan without the index is the cheaper one; `not mended`.
   */
  readonly verdict: 'index used' | 'mended' | 'rows missing' | 'change needed' | 'exact is right' | 'not mended';
}

export interface StatementParameter {
  /** From 1. */
  readonly number: number;
  readonly type: string;
  readonly source: 'given' | 'drawn from the table' | 'usual';
  /** Null for a vector: it is long, and may be nobody's business. */
  readonly value: string | null;
}

export interface ExplainedPlan {
  readonly usesIndex: boolean;
  /** Ways to the searched table, in one line. */
  readonly text: string;
  readonly totalCost: number;
  /** Lines of EXPLAIN. */
  readonly explain: readonly string[];
}

export interface ChangedStatement {
  readonly sql: string;
  readonly isRewritten: boolean;
  readonly settings: Settings;
  /** Whatever the data, the same rows are asked for. */
  readonly sameRows: boolean;
  readonly plan: ExplainedPlan;
}

/** The changed statement against the exact answer, on the same query vectors. */
export interface MeasuredStatement {
  /** Rows are compared by all that the statement returns of them. */
  readonly recall: RecallSummary;
  readonly completeness: Measured['completeness'];
  /** Client wall time, interleaved query by query. */
  readonly latencyMs: { readonly changed: Measured['latencyMs']; readonly exact: Measured['latencyMs'] };
  /** What the exact answer is of. */
  readonly exactOf: 'statement' | 'changed statement';
}
