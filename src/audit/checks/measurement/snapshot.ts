import { checksOf, type Part } from '../../../findings.js';
import type { OtherWork } from '../../../other-work.js';

/** Settings that the checks look at, by PostgreSQL's names, and how their values are read. */
export const MEASUREMENT_SETTINGS = {
  autovacuum: 'boolean',
  autovacuum_max_workers: 'number',
  autovacuum_work_mem: 'bytes',
  debug_assertions: 'boolean',
  default_transaction_read_only: 'boolean',
  dynamic_shared_memory_type: 'text',
  enable_bitmapscan: 'boolean',
  enable_indexscan: 'boolean',
  enable_seqscan: 'boolean',
  enable_sort: 'boolean',
  jit: 'boolean',
  jit_above_cost: 'number',
  log_min_duration_statement: 'text',
  log_statement: 'text',
  maintenance_work_mem: 'bytes',
  max_connections: 'number',
  max_parallel_maintenance_workers: 'number',
  max_parallel_workers: 'number',
  max_worker_processes: 'number',
  plan_cache_mode: 'text',
  shared_buffers: 'bytes',
  work_mem: 'bytes',
} as const;

/** What a value is once it was read. A size of −1 stays −1: it refers to another setting. */
export interface SettingValue {
  readonly boolean: boolean;
  readonly number: number;
  readonly bytes: number;
  readonly text: string;
}

type SettingParts = {
  readonly [Name in keyof typeof MEASUREMENT_SETTINGS]: Part<
    SettingValue[(typeof MEASUREMENT_SETTINGS)[Name]],
    'unknown-setting'
  >;
};

interface ServerParts {
  readonly server: {
    /** How messages name it; never holds a password. */
    readonly label: string;
    /** False: latencies are not those of native code. */
    readonly nativeTimings: boolean;
  };
  readonly login: { readonly role: string; readonly database: string };
  readonly postgresql: {
    readonly version: string;
    /** As `server_version_num`: 150018 is 15.18. */
    readonly number: number;
  };
  readonly extension: {
    /** Version of pgvector in the database; null when it has none. */
    readonly installed: string | null;
    /** Version that CREATE EXTENSION would install; null when the server has no files of it. */
    readonly available: string | null;
  };
  readonly pgvectorVersion: Part<string, 'no-extension'>;
  readonly pgvectorSchema: Part<{ readonly name: string; readonly mayUse: boolean }, 'no-extension'>;
  readonly standby: boolean;
  readonly mayCreateSchema: boolean;
  /** A second connection, opened while the first was open; a limit of −1 is none. */
  readonly secondConnection: Part<
    { readonly opened: boolean; readonly roleLimit: number; readonly databaseLimit: number },
    'one-session'
  >;
  /** True where two sessions were served by one backend, or one session by several. */
  readonly backendsShared: Part<boolean, 'one-session' | 'one-connection'>;
  /** Client sessions that run a statement now, apart from pgvtune's. */
  readonly otherActiveSessions: Part<number, 'sessions-hidden'>;
  /** The server was built with JIT compilation, and its library is installed. */
  readonly jitAvailable: boolean;
  /** Null where auto_explain is not loaded. */
  readonly autoExplain: {
    /** −1: no plan is logged; 0: the plan of every statement. */
    readonly logMinDuration: string;
    readonly logAnalyze: boolean;
  } | null;
  /** RAM of the server's machine, or of the control group that this process shares with it. */
  readonly memoryBytes: Part<number, 'machine-not-visible'>;
  /** Free bytes in /dev/shm of the server's machine. */
  readonly sharedMemoryBytes: Part<number, 'machine-not-visible' | 'no-dev-shm'>;
  /** Shares of the processor time of this machine, where the client runs, while it was looked at: of other programs, and unused. */
  readonly otherWork: Part<OtherWork, 'no-processor-times'>;
}

/** Everything about a server, a role and this machine that could distort a measurement. */
export interface MeasurementSnapshot extends SettingParts, ServerParts {}

/** Defines a check of what could distort a measurement. */
export const measurementCheck = checksOf<MeasurementSnapshot>('measurement');
