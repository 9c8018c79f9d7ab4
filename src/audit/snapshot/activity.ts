/** Counters of one database since its statistics were reset. */
export interface Activity {
  readonly blocksHit: number;
  readonly blocksRead: number;
  readonly commits: number;
  readonly rollbacks: number;
  readonly deadlocks: number;
  readonly temporaryFiles: number;
  readonly temporaryBytes: number;
  /** Time that sessions spent in statements, and idle in transactions; null before PostgreSQL 14. */
  readonly activeMs: number | null;
  readonly idleInTransactionMs: number | null;
  readonly connections: number;
}

/** Counters of the server. */
export interface Checkpoints {
  /** Where they are counted: versions differ. */
  readonly view: 'pg_stat_checkpointer' | 'pg_stat_bgwriter';
  readonly timed: number;
  readonly requested: number;
  /** ISO 8601; null: never reset. */
  readonly resetAt: string | null;
}

/** A client's session at the moment of the snapshot. */
export interface ServerSession {
  readonly pid: number;
  readonly user: string;
  readonly application: string;
  readonly database: string;
  readonly state: string;
  /** Of its transaction; null outside of one. */
  readonly transactionSeconds: number | null;
  /** Since its state changed. */
  readonly stateSeconds: number;
  readonly waitsForLock: boolean;
  /** Sessions that it waits for. */
  readonly blockedBy: readonly number[];
  /** What it runs, or ran last: its first 200 characters, with passwords masked. */
  readonly query: string;
}

/** Something that holds the oldest transaction whose effects must stay visible. */
export interface Horizon {
  readonly kind: 'session' | 'prepared-transaction' | 'replication-slot' | 'standby';
  /** Pid of a session, name of a slot or standby, identifier of a prepared transaction. */
  readonly name: string;
  /** Transactions that began since. */
  readonly xidAge: number;
  /** Since it began; null where nothing says it. */
  readonly seconds: number | null;
  readonly query: string;
}

export interface ReplicationSlot {
  readonly name: string;
  readonly active: boolean;
  readonly temporary: boolean;
  /** WAL that the server keeps for it. */
  readonly retainedBytes: number;
}

export interface Standby {
  readonly name: string;
  readonly state: string;
  /** WAL that it has not replayed. */
  readonly lagBytes: number;
}
