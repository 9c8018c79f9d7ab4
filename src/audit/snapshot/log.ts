import type { StatementShape } from '../../statements/index.js';

/** What the server's own log says of statements, without a constant or a parameter of any. */
export interface StatementLog {
  /** Names of the files, without their folders. */
  readonly files: readonly string[];
  /** ISO 8601: times of the first and last statement; null where the log has no times. */
  readonly from: string | null;
  readonly until: string | null;
  readonly executions: number;
  /** Executions of statements that the grammar refuses. */
  readonly notParsed: number;
  /** Entries that were cut off. */
  readonly torn: number;
  /** The one that took most time first. */
  readonly statements: readonly LoggedStatement[];
}

export interface LoggedStatement {
  /** Equal for statements that differ in constants only. */
  readonly fingerprint: string;
  /** Without constants and comments. */
  readonly query: string;
  readonly shape: StatementShape;
  readonly calls: number;
  /** Null where the log gives no durations. */
  readonly duration: LoggedDuration | null;
  /** Where the application sent it, the most frequent first; empty where its statements have no tags. */
  readonly routes: readonly Route[];
  /** Its first execution. */
  readonly first: LogPlace;
}

export interface LoggedDuration {
  /** Executions with a duration. */
  readonly calls: number;
  readonly totalMs: number;
  /** Within 5 %. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maximumMs: number;
}

export interface Route {
  readonly route: string;
  readonly calls: number;
}

export interface LogPlace {
  readonly file: string;
  readonly line: number;
}

/**
 * A statement that was executed again and again in one unit of work: a request that the application traces, a transaction, or
 * statements of one session that follow one another at once.
 */
export interface LoggedLoop {
  readonly statement: LoggedStatement;
  /** `varied`: with other parameters or constants each time; `same`: always with the same. */
  readonly parameters: 'varied' | 'same';
  /** How most of the units are known. */
  readonly unit: UnitKind;
  readonly units: number;
  /** Executions in all of them. */
  readonly calls: number;
  /** In one of them. */
  readonly mostCalls: number;
  /** Null where the log gives no durations. */
  readonly totalMs: number | null;
  /** Routes of the units; `calls` counts units. */
  readonly routes: readonly Route[];
  /** Statements that came before it in the units, and far less often; the likeliest first. */
  readonly after: readonly LoggedStatement[];
  readonly first: LogPlace;
}

/** The surest first. */
export const UNIT_KINDS = ['trace', 'transaction', 'gap'] as const;
export type UnitKind = (typeof UNIT_KINDS)[number];
