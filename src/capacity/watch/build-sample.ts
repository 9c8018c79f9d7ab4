/** Who or what a build waits for. */
export interface BuildWait {
  /** As in `pg_stat_activity`: `Lock`, `IO`, …; null while the backend works. */
  readonly type: string | null;
  readonly event: string | null;
  /** The backend whose lock the build waits for; null when it waits for none. */
  readonly blockerPid: number | null;
  /** Seconds since that backend's transaction began; null when it has none, or may not be seen. */
  readonly blockerSeconds: number | null;
}

/** One look at a running CREATE INDEX or REINDEX. Source: PostgreSQL's view `pg_stat_progress_create_index`. */
export interface BuildSample {
  /** Milliseconds, by the server's clock. */
  readonly atMs: number;
  readonly pid: number;
  readonly database: string;
  /** `CREATE INDEX`, `CREATE INDEX CONCURRENTLY`, `REINDEX`, `REINDEX CONCURRENTLY`. */
  readonly command: string;
  /** As the server names it: `building index: loading tuples`, `waiting for writers before build`, … */
  readonly phase: string;
  /** Schema-qualified; null in another database. */
  readonly table: string | null;
  /** Null while no other session can see the index. */
  readonly index: string | null;
  readonly tableOid: number;
  /** 0 for a plain CREATE INDEX. */
  readonly indexOid: number;
  /** `hnsw`, `ivfflat`, `btree`, …; null when neither catalog nor statement shows it. */
  readonly method: string | null;
  readonly elapsedMs: number;
  /** When its transaction began, by the server's clock; null where it may not be seen. */
  readonly transactionBegan: string | null;
  /** Rows of the table as last analysed; null when it never was, or lies in another database. */
  readonly tableRows: number | null;
  readonly blocks: { readonly done: number; readonly total: number };
  readonly tuples: { readonly done: number; readonly total: number };
  readonly partitions: { readonly done: number; readonly total: number };
  readonly wait: BuildWait;
}

/** Before the server counts a build among those that run. */
export const WAITING_FOR_TABLE = 'waiting for a lock on the table';
export const LOADING_TUPLES = 'building index: loading tuples';

/** Share of the phase that is done, 0 … 1, by the counter that has a total; null when none has. */
export function shareDone({ blocks, tuples }: BuildSample): number | null {
  const counter = [tuples, blocks].find(({ total }) => total > 0);
  return counter === undefined ? null : Math.min(1, counter.done / counter.total);
}
