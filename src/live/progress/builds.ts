import { type BuildSample, WAITING_FOR_TABLE } from '../../capacity/index.js';
import { readOnly, type Session } from '../../postgres/index.js';

const DEADLINE_MS = 10_000;

/** Which builds to look at; all where nothing is named. */
export interface BuildFilter {
  readonly pid?: number;
}

/** What the server shows of the builds that run on it. */
export interface BuildsSeen {
  readonly builds: readonly BuildSample[];
  /** Builds of other roles, of which this one may see the number only. */
  readonly hidden: number;
}

interface Row {
  readonly at: string;
  readonly pid: number;
  readonly database: string;
  readonly command: string | null;
  readonly phase: string | null;
  readonly table: string | null;
  readonly index: string | null;
  readonly table_oid: string | null;
  readonly index_oid: string | null;
  readonly method: string | null;
  readonly elapsed: string | null;
  readonly began: string | null;
  readonly rows: string | null;
  readonly blocks_done: string;
  readonly blocks_total: string;
  readonly tuples_done: string;
  readonly tuples_total: string;
  readonly partitions_done: string;
  readonly partitions_total: string;
  readonly wait_type: string | null;
  readonly wait_event: string | null;
  readonly blocker: number | null;
  readonly blocker_seconds: string | null;
}

/*
 * A build that waits for its table's lock is not in the view yet. A plain CREATE INDEX shows no other session its index before it commits, so the method is then taken from the
 * statement. Waiting for a lock of its own shows in pg_blocking_pids, waiting for older transactions in the progress.
 */
const BUILDS = `
  WITH p AS (
    SELECT pid, datname, relid, index_relid, command, phase, current_locker_pid, blocks_done, blocks_total,
           tuples_done, tuples_total, partitions_done, partitions_total
      FROM pg_stat_progress_create_index
     UNION ALL
    SELECT w.pid, w.datname, 0, 0,
           CASE WHEN w.query ~* '^\\s*reindex' THEN 'REINDEX' ELSE 'CREATE INDEX' END
             || CASE WHEN w.query ~* '\\mconcurrently\\M' THEN ' CONCURRENTLY' ELSE '' END,
           '${WAITING_FOR_TABLE}', 0, 0, 0, 0, 0, 0, 0
      FROM pg_stat_activity w
     WHERE w.state = 'active' AND w.wait_event_type = 'Lock' AND w.pid <> pg_backend_pid()
       AND w.query ~* '^\\s*(create\\s+(unique\\s+)?index|reindex)\\M'
       AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index b WHERE b.pid = w.pid))
  SELECT extract(epoch FROM clock_timestamp()) * 1000 AS at, p.pid, p.datname AS database, p.command, p.phase,
         CASE WHEN t.oid IS NOT NULL THEN format('%I.%I', tn.nspname, t.relname) END AS table,
         CASE WHEN i.oid IS NOT NULL THEN format('%I.%I', n.nspname, i.relname) END AS index,
         p.relid AS table_oid, p.index_relid AS index_oid,
         coalesce(am.amname, lower(substring(a.query FROM '(?i)\\musing\\s+"?([a-z_]+)"?\\s*\\(')),
                  CASE WHEN a.query ~* 'create\\s+(unique\\s+)?index' AND a.query !~* '\\musing\\M' THEN 'btree' END) AS method,
         extract(epoch FROM clock_timestamp() - a.query_start) * 1000 AS elapsed,
         a.xact_start::text AS began, nullif(greatest(t.reltuples, -1), -1) AS rows,
         p.blocks_done, p.blocks_total, p.tuples_done, p.tuples_total, p.partitions_done, p.partitions_total,
         a.wait_event_type AS wait_type, a.wait_event, b.pid AS blocker,
         extract(epoch FROM clock_timestamp() - b.xact_start) AS blocker_seconds
    FROM p
    LEFT JOIN pg_stat_activity a ON a.pid = p.pid
    LEFT JOIN pg_class t ON t.oid = p.relid AND p.datname = current_database()
    LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
    LEFT JOIN pg_class i ON i.oid = p.index_relid AND p.datname = current_database()
    LEFT JOIN pg_namespace n ON n.oid = i.relnamespace
    LEFT JOIN pg_am am ON am.oid = i.relam
    LEFT JOIN pg_stat_activity b
      ON b.pid = coalesce(nullif(p.current_locker_pid, 0)::int, (pg_blocking_pids(p.pid))[1])
   WHERE $1::int IS NULL OR p.pid = $1
   ORDER BY p.pid`;

/**
 * One look at every CREATE INDEX and REINDEX that runs on the server.
 *
 * @throws {PgvtuneError} `server`
 */
export async function readBuilds(session: Session, { pid }: BuildFilter = {}): Promise<BuildsSeen> {
  const rows = await readOnly(session, { deadlineMs: DEADLINE_MS }, () => session.query<Row>(BUILDS, [pid ?? null]));
  const builds = rows.flatMap((row) =>
    row.command === null || row.phase === null ? [] : [sampleOf(row, row.command, row.phase)],
  );
  return { builds, hidden: rows.length - builds.length };
}

function sampleOf(row: Row, command: string, phase: string): BuildSample {
  const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
  return {
    atMs: Number(row.at),
    pid: row.pid,
    database: row.database,
    command,
    phase,
    table: row.table,
    index: row.index,
    tableOid: Number(row.table_oid),
    indexOid: Number(row.index_oid),
    method: row.method,
    elapsedMs: Math.max(0, Number(row.elapsed ?? 0)),
    transactionBegan: row.began,
    tableRows: numberOf(row.rows),
    blocks: { done: Number(row.blocks_done), total: Number(row.blocks_total) },
    tuples: { done: Number(row.tuples_done), total: Number(row.tuples_total) },
    partitions: { done: Number(row.partitions_done), total: Number(row.partitions_total) },
    wait: {
      type: row.wait_type,
      event: row.wait_event,
      blockerPid: row.blocker,
      blockerSeconds: numberOf(row.blocker_seconds),
    },
  };
}

/** What became of an index whose build is no longer seen. */
export interface BuiltIndexSeen {
  /** False while the transaction of the build is not over: nobody can see its index yet. */
  readonly isOver: boolean;
  /** Null in another database, which this session cannot see. */
  readonly valid: boolean | null;
  readonly index: string | null;
  readonly bytes: number | null;
}

/**
 * The indexes of a table: a plain CREATE INDEX shows the number of its own to nobody, so it is found as the one that is new.
 *
 * @throws {PgvtuneError} `server`
 */
export async function readIndexOids(session: Session, { tableOid }: BuildSample): Promise<readonly number[]> {
  const rows = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<{ oid: string }>('SELECT indexrelid::text AS oid FROM pg_index WHERE indrelid = $1::oid', [tableOid]),
  );
  return rows.map(({ oid }) => Number(oid));
}

/**
 * @param before the indexes of its table when it began
 * @throws {PgvtuneError} `server`
 */
export async function readBuiltIndex(
  session: Session,
  sample: BuildSample,
  before: readonly number[],
): Promise<BuiltIndexSeen> {
  // In this order, each on a snapshot of its own: a transaction that is over is one whose index can be seen.
  const isOver = await isTransactionOver(session, sample);
  const [row] = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<{ here: boolean; valid: boolean | null; name: string | null; bytes: string | null }>(
      `SELECT current_database() = $1 AS here, i.valid, i.name, pg_relation_size(i.oid) AS bytes
         FROM (SELECT) AS one
         LEFT JOIN LATERAL (
           SELECT c.oid, x.indisvalid AS valid, format('%I.%I', n.nspname, c.relname) AS name
             FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = $2::oid OR ($2 = 0 AND x.indrelid = $3::oid AND NOT c.oid = ANY ($4::oid[]))
            ORDER BY c.oid DESC LIMIT 1) AS i ON true`,
      [sample.database, sample.indexOid, sample.tableOid, before],
    ),
  );
  if (!row?.here) return { isOver, valid: null, index: null, bytes: null };
  const bytes = row.bytes === null ? null : Number(row.bytes);
  return { isOver: isOver || row.valid === true, valid: row.valid === true, index: row.name, bytes };
}

async function isTransactionOver(session: Session, { pid, transactionBegan }: BuildSample): Promise<boolean> {
  const rows = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query('SELECT FROM pg_stat_activity WHERE pid = $1 AND xact_start::text = $2', [pid, transactionBegan]),
  );
  return rows.length === 0;
}
