import type { Part } from '../../findings.js';
import type { Activity, Checkpoints, Horizon, ReplicationSlot, Standby, ServerSession } from './activity.js';
import type { CheckConstraint, Column, ColumnStatistics, ForeignKey, Index, Sequence, Table } from './relations.js';
import type { LoggedLoop, StatementLog } from './log.js';
import type { MeasuredIndex } from './measured-index.js';
import type { TunedIndex } from './tuned-index.js';
import type { WorkloadPlans } from './plans.js';
import type { StatementStatistics } from './statements.js';
import type { VectorSamples } from './vector-sample.js';

/** One database at one moment, as a role may see it, read in one read-only transaction. */
export interface DatabaseSnapshot {
  readonly server: ServerFacts;
  readonly tables: readonly Table[];
  readonly columns: readonly Column[];
  readonly indexes: readonly Index[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly checkConstraints: readonly CheckConstraint[];
  readonly sequences: Part<readonly Sequence[], 'sequences-hidden'>;
  readonly columnStatistics: Part<readonly ColumnStatistics[], 'columns-hidden'>;
  /** By name, as SHOW prints them; only settings that hold no secret are read. */
  readonly settings: Readonly<Record<string, string>>;
  /** Settings of roles and databases (ALTER ROLE … SET) that concern vectors: `hnsw.ef_search=100`. */
  readonly vectorSettings: readonly string[];
  readonly pgvector: Part<ExtensionVersion, 'no-extension'>;
  /** Of the server's processes: some defects are those of 32 bits. */
  readonly wordBits: 32 | 64;
  /** RAM of the server's machine. */
  readonly memoryBytes: Part<number, 'machine-not-visible'>;
  readonly activity: Activity;
  readonly checkpoints: Checkpoints;
  readonly databases: readonly { readonly name: string; readonly xidAge: number; readonly multixactAge: number }[];
  readonly sessions: Part<readonly ServerSession[], 'sessions-hidden'>;
  /** What keeps VACUUM from removing dead rows, the oldest first. */
  readonly horizons: Part<readonly Horizon[], 'sessions-hidden'>;
  readonly slots: readonly ReplicationSlot[];
  /** Whether pg_stat_statements can be asked. */
  readonly statementSource: 'ready' | 'not-installed' | 'not-loaded';
  readonly statements: Part<
    StatementStatistics,
    'no-statement-statistics' | 'statement-statistics-not-loaded' | 'statement-statistics-hidden' | 'statements-hidden'
  >;
  /** What a few rows of each column of vectors hold. */
  readonly vectorSamples: Part<VectorSamples, 'vectors-hidden' | 'vectors-not-sampled'>;
  /** Recall of the indexes on vectors, where that was asked for. */
  readonly measured: Part<readonly MeasuredIndex[], 'not-measured'>;
  /** What these indexes could be, where that was asked for. */
  readonly tuned: Part<readonly TunedIndex[], 'not-tuned'>;
  /** Plans of the statements that took most time, and indexes that they could use. */
  readonly workload: Part<
    WorkloadPlans,
    'no-statement-statistics' | 'statement-statistics-not-loaded' | 'statement-statistics-hidden' | 'statements-hidden'
  >;
  /** What a log of the server says, where one was given. */
  readonly log: Part<StatementLog, 'no-log'>;
  /** Statements that it shows in a loop; the one with most executions first. */
  readonly loops: Part<readonly LoggedLoop[], 'no-log' | 'log-of-slow-statements' | 'log-without-sessions'>;
  readonly standbys: Part<readonly Standby[], 'sessions-hidden'>;
  /** Indexes that are being built now. */
  readonly indexesInBuild: Part<readonly number[], 'sessions-hidden'>;
}

export interface ServerFacts {
  /** How messages name it; never holds a password. */
  readonly label: string;
  readonly database: string;
  readonly role: string;
  readonly version: string;
  /** As `server_version_num`: 150018 is 15.18. */
  readonly number: number;
  readonly standby: boolean;
  /** Null: nothing says that somebody else runs it. */
  readonly managedBy: ManagedService | null;
  /** ISO 8601, by the server's clock, as are the next two. */
  readonly takenAt: string;
  readonly startedAt: string;
  /** When the counters of this database were set to zero; null: never. */
  readonly statisticsResetAt: string | null;
}

export interface ExtensionVersion {
  readonly version: string;
  /** Version of the files on the server; null where there are none. */
  readonly available: string | null;
}

export type ManagedService = 'rds' | 'cloud-sql' | 'azure' | 'neon' | 'supabase';

const DAY_MS = 86_400_000;

/**
 * Since when the counters count. Statistics that nobody reset are at least as old as the server's start; a crash, which
 * empties them before PostgreSQL 15, is a start as well.
 */
export const countersSince = ({ statisticsResetAt, startedAt }: ServerFacts): string => statisticsResetAt ?? startedAt;

/** Length of the window that the counters rest on, as {@link countersSince} has it. */
export const windowDays = (server: ServerFacts): number =>
  (Date.parse(server.takenAt) - Date.parse(countersSince(server))) / DAY_MS;
