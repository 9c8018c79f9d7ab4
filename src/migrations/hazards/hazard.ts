import type { Severity } from '../../findings.js';
import type { BuildSeconds } from '../../indexes/index.js';
import type { Sight } from '../sight.js';

/** The strongest lock that a statement takes on a table (PostgreSQL manual, 13.3). */
export type Lock = 'ACCESS EXCLUSIVE' | 'SHARE ROW EXCLUSIVE' | 'SHARE' | 'SHARE UPDATE EXCLUSIVE';

/** What is done while the lock is held; `rewrite` rebuilds every index of the table, too. */
export type Work = 'none' | 'scan' | 'index-build' | 'rewrite';

export const HAZARDS = [
  'index-not-concurrent',
  'concurrently-in-transaction',
  'drop-index-not-concurrent',
  'not-null-scan',
  'not-null-without-default',
  'type-change',
  'constraint-validated',
  'unique-built-under-lock',
  'rewriting-default',
  'rename-in-use',
  'drop-in-use',
  'no-lock-timeout',
  'rows-with-locks',
  'enum-value-in-transaction',
  'several-strong-locks',
  'extension-may-exist',
] as const;
export type HazardCode = (typeof HAZARDS)[number];

/** What can go wrong when a statement is deployed to a database in use. */
export interface Hazard {
  readonly code: HazardCode;
  readonly severity: Severity;
  readonly data: HazardData;
}

export interface HazardData {
  readonly at: Sight;
  readonly table: string;
  /** Null for what fails before it takes any. */
  readonly lock: Lock | null;
  readonly work: Work;
  /** The statement; null where it is not known. */
  readonly sql: string | null;
  /** Statements that do the same with weaker or shorter locks, in order; empty where there are none. */
  readonly safe: readonly string[];
  /** Null where nobody says how large the table is. */
  readonly size: TableToLock | null;
}

/** How large a table is, and how long it is locked. */
export interface TableToLock {
  readonly from: 'server' | 'stated';
  readonly rows: number;
  /** With indexes and TOAST. */
  readonly bytes: number;
  /** Of the work; null without any. */
  readonly seconds: BuildSeconds | null;
  /** Until the transaction ends, where other work of the same revision follows; null where none does. */
  readonly heldSeconds: BuildSeconds | null;
}
