import type { Blindness } from './blindness.js';
import type { CounterTotals } from './bounded-counters.js';
import type { ServerLook } from './look.js';

/** Everything that is known of a server that is watched, and of the watching itself. */
export interface MonitorView {
  /** Null: the server is seen. */
  readonly blind: Blindness | null;
  /** Milliseconds since the epoch, by this machine's clock; null: never yet. */
  readonly lastSuccessMs: number | null;
  readonly looks: number;
  readonly failures: Readonly<Record<Blindness, number>>;
  /** How often a connection was made. */
  readonly connections: number;
  /** Null while the server is not seen. */
  readonly seen: SeenServer | null;
  readonly probes: readonly RecallProbe[];
}

export interface SeenServer {
  readonly look: ServerLook;
  readonly lookMs: number;
  readonly database: CounterTotals<DatabaseCounter>;
  /** By oid. */
  readonly tables: CounterTotals<TableCounter>;
  readonly indexes: CounterTotals<IndexCounter>;
  /** By `queryid`. */
  readonly statements: CounterTotals<StatementCounter>;
  /** Beginnings of the named statements. */
  readonly texts: ReadonlyMap<string, string>;
}

export const DATABASE_COUNTERS = [
  'commits',
  'rollbacks',
  'blocksHit',
  'blocksRead',
  'deadlocks',
  'temporaryFiles',
  'temporaryBytes',
  'activeMs',
  'idleInTransactionMs',
  'timedCheckpoints',
  'requestedCheckpoints',
] as const;
export type DatabaseCounter = (typeof DATABASE_COUNTERS)[number];

export const TABLE_COUNTERS = [
  'sequentialScans',
  'sequentialRowsRead',
  'indexScans',
  'inserts',
  'updates',
  'hotUpdates',
  'deletes',
] as const;
export type TableCounter = (typeof TABLE_COUNTERS)[number];

export const INDEX_COUNTERS = ['scans', 'entriesRead'] as const;
export type IndexCounter = (typeof INDEX_COUNTERS)[number];

export const STATEMENT_COUNTERS = [
  'calls',
  'rows',
  'executionMs',
  'planningMs',
  'blocksHit',
  'blocksRead',
  'temporaryBlocksWritten',
] as const;
export type StatementCounter = (typeof STATEMENT_COUNTERS)[number];

/** What became of the last attempt to measure a recall. */
export const PROBE_STATES = ['not-yet', 'measured', 'no-index-used', 'too-expensive', 'void', 'failed'] as const;
export type ProbeState = (typeof PROBE_STATES)[number];

/** The recall of an index, measured again and again. */
export interface RecallProbe {
  /** As it was asked for: `app.items`. */
  readonly table: string;
  readonly state: ProbeState;
  readonly runs: number;
  /** What the exact scans were expected to take; null before the first. */
  readonly expectedMs: number | null;
  /** The last that was measured. */
  readonly measured: ProbedRecall | null;
}

export interface ProbedRecall {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly k: number;
  readonly queries: number;
  /** Mean, with its 95 % interval; null for too few queries. */
  readonly recall: { readonly value: number; readonly low: number | null; readonly high: number | null };
  /** Rows returned over rows that exist, mean. */
  readonly completeness: number;
  /** Of queries asked for the first time; null for too few. */
  readonly medianMs: number | null;
  readonly buffers: number;
}
