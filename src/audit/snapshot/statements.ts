import type { StatementShape } from '../../statements/index.js';

/** A statement without its constants, and what it took, as pg_stat_statements counts it. */
export interface Statement {
  /** `queryid`, as text: it has 64 bits. */
  readonly id: string;
  readonly role: string;
  readonly query: string;
  /** Null where the grammar refuses the text. */
  readonly shape: StatementShape | null;
  readonly calls: number;
  readonly rows: number;
  readonly executionMs: number;
  /** 0 where planning is not tracked. */
  readonly planningMs: number;
  readonly meanMs: number;
  readonly deviationMs: number;
  readonly maximumMs: number;
  readonly blocksHit: number;
  readonly blocksRead: number;
  readonly temporaryBlocksWritten: number;
  readonly walBytes: number;
  /** 0 where track_io_timing is off. */
  readonly ioMs: number;
  readonly jitMs: number;
}

export interface StatementStatistics {
  readonly version: string;
  /** ISO 8601; null: never reset, or before PostgreSQL 14, which does not say it. */
  readonly resetAt: string | null;
  /** Statements that were forgotten because there were too many: totals are lower bounds. */
  readonly evictions: number | null;
  /** Of this database, the one that took most time first. */
  readonly statements: readonly Statement[];
}

/** Planning and execution. */
export const totalMs = ({ executionMs, planningMs }: Statement): number => executionMs + planningMs;

/** Pages that it touched, wherever they were. */
export const blocks = ({ blocksHit, blocksRead }: Statement): number => blocksHit + blocksRead;

export const sharesOf = (statements: readonly Statement[]): ((statement: Statement) => number) => {
  const total = statements.reduce((sum, statement) => sum + totalMs(statement), 0);
  return (statement) => (total === 0 ? 0 : totalMs(statement) / total);
};
