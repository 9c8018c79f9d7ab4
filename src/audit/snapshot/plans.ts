import type { Predicate } from '../workload/predicates.js';
import type { ReadingPart, StatementChange } from '../../statements/index.js';

/** How the server plans a statement without its parameters; nothing was executed. */
export interface StatementPlan {
  /** `queryid` of the statement, and its role. */
  readonly id: string;
  readonly role: string;
  /** What of it was planned: nothing may be written or locked. */
  readonly part: ReadingPart;
  readonly totalCost: number;
  /** Lines of EXPLAIN. */
  readonly lines: readonly string[];
  /** Tables that it reads from the first row to the last. */
  readonly scans: readonly PlannedScan[];
  /** Rows that it sorts; null: it sorts none. */
  readonly sortedRows: number | null;
  /** Null: nothing to write otherwise, or nothing that saves much. */
  readonly rewrite: StatementRewrite | null;
}

/** A statement, written so that it costs less, and settings for its transaction. */
export interface StatementRewrite {
  readonly sql: string;
  readonly settings: Readonly<Record<string, string>>;
  /** Null: a search for the nearest vectors, so that the planner uses an index. */
  readonly change: StatementChange | null;
  /** Whatever the data, the same rows are asked for. */
  readonly sameRows: boolean;
  readonly costBefore: number;
  readonly costAfter: number;
}

export interface PlannedScan {
  /** Name of the table without its schema. */
  readonly table: string;
  readonly cost: number;
  /** Rows that are left after its conditions, by the planner's estimate. */
  readonly rows: number;
  readonly isFiltered: boolean;
}

/** An index that the workload could use, and what the planner makes of it. */
export interface WorkloadIndex {
  readonly tableOid: number;
  /** Numbers of its columns, in their order. */
  readonly columns: readonly number[];
  /** Of a partial index; null: it has all rows. */
  readonly predicate: Predicate | null;
  /** `hypopg`: the planner chose it while it was hypothetical; `cost-model`: its cost was estimated. */
  readonly proof: 'hypopg' | 'cost-model';
  /** Expected; null: unknown. */
  readonly bytes: number | null;
  /** What it serves. */
  readonly statements: readonly ServedStatement[];
}

/** A statement that becomes cheaper, by costs of the planner. */
export interface ServedStatement {
  readonly id: string;
  readonly role: string;
  readonly costBefore: number;
  readonly costAfter: number;
}

/** Plans of the statements that took most time, and indexes for them. */
export interface WorkloadPlans {
  readonly plans: readonly StatementPlan[];
  /** Statements that the role may not plan, or that the server refuses without their parameters. */
  readonly refused: number;
  readonly indexes: readonly WorkloadIndex[];
}
