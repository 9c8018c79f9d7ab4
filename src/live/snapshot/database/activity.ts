import type { Activity, Checkpoints, DatabaseSnapshot, Horizon, ServerSession } from '../../../audit/index.js';
import { unread } from '../../../findings.js';
import type { Session } from '../../../postgres/index.js';
import { redact } from '../../../redact.js';
import { hasColumn } from './has-column.js';
import { iso } from './user-objects.js';

const QUERY_CHARACTERS = 200;
/** What a session runs, as far as it is shown. */
const shown = (query: string): string => redact(query).replaceAll(/\s+/g, ' ').trim().slice(0, QUERY_CHARACTERS);

export async function readActivity(session: Session): Promise<Activity> {
  const times = await hasColumn(session, 'pg_stat_database', 'active_time');
  const [row] = await session.query<Activity>(
    `SELECT ${times ? 'active_time' : 'NULL::float8'} AS "activeMs",
            ${times ? 'idle_in_transaction_time' : 'NULL::float8'} AS "idleInTransactionMs", blks_hit::float8 AS "blocksHit", blks_read::float8 AS "blocksRead", xact_commit::float8 AS commits,
            xact_rollback::float8 AS rollbacks, deadlocks::float8 AS deadlocks, temp_files::float8 AS "temporaryFiles",
            temp_bytes::float8 AS "temporaryBytes",
            (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::float8 AS connections
       FROM pg_stat_database WHERE datname = current_database()`,
  );
  return row!;
}

/** In a view of their own from PostgreSQL 17. */
export async function readCheckpoints(session: Session): Promise<Checkpoints> {
  const own = await hasColumn(session, 'pg_stat_checkpointer', 'num_timed');
  const [row] = await session.query<Omit<Checkpoints, 'view'>>(
    own
      ? `SELECT num_timed::float8 AS timed, num_requested::float8 AS requested, ${iso('stats_reset')} AS "resetAt" FROM pg_stat_checkpointer`
      : `SELECT checkpoints_timed::float8 AS timed, checkpoints_req::float8 AS requested, ${iso('stats_reset')} AS "resetAt" FROM pg_stat_bgwriter`,
  );
  return { ...row!, view: own ? 'pg_stat_checkpointer' : 'pg_stat_bgwriter' };
}

export const readDatabases = (session: Session): Promise<DatabaseSnapshot['databases']> =>
  session.query(
    `SELECT datname::text AS name, age(datfrozenxid) AS "xidAge", mxid_age(datminmxid) AS "multixactAge" FROM pg_database ORDER BY 1`,
  );

export async function readSessions(session: Session, visible: boolean): Promise<DatabaseSnapshot['sessions']> {
  if (!visible) return unread('sessions-hidden');
  const rows = await session.query<ServerSession>(
    `SELECT pid, coalesce(usename::text, '') AS user, coalesce(application_name, '') AS application,
            coalesce(datname::text, '') AS database, coalesce(state, '') AS state,
            extract(epoch FROM clock_timestamp() - xact_start)::float8 AS "transactionSeconds",
            coalesce(extract(epoch FROM clock_timestamp() - state_change), 0)::float8 AS "stateSeconds",
            coalesce(wait_event_type = 'Lock', false) AS "waitsForLock",
            CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) ELSE '{}' END AS "blockedBy",
            left(query, ${QUERY_CHARACTERS * 4}) AS query
       FROM pg_stat_activity
      WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
      ORDER BY pid`,
  );
  return rows.map((row) => ({ ...row, query: shown(row.query) }));
}

export async function readHorizons(session: Session, visible: boolean): Promise<DatabaseSnapshot['horizons']> {
  if (!visible) return unread('sessions-hidden');
  const rows = await session.query<Horizon>(
    `SELECT 'session' AS kind, pid::text AS name, age(coalesce(backend_xid, backend_xmin)) AS "xidAge",
            extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds, left(query, ${QUERY_CHARACTERS * 4}) AS query
       FROM pg_stat_activity
      WHERE (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND datname = current_database()
     UNION ALL
     SELECT 'prepared-transaction', gid, age(transaction), extract(epoch FROM clock_timestamp() - prepared)::float8, ''
       FROM pg_prepared_xacts WHERE database = current_database()
     UNION ALL
     SELECT 'replication-slot', slot_name::text, greatest(age(xmin), age(catalog_xmin)), NULL, ''
       FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL
     UNION ALL
     SELECT 'standby', coalesce(nullif(application_name, ''), pid::text), age(backend_xmin), NULL, ''
       FROM pg_stat_replication WHERE backend_xmin IS NOT NULL
      ORDER BY 3 DESC`,
  );
  return rows.map((row) => ({ ...row, query: shown(row.query) }));
}

/** The end of WAL: written on a primary, received on a standby. */
const WAL_END = `CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END`;

export const readSlots = (session: Session): Promise<DatabaseSnapshot['slots']> =>
  session.query(
    `SELECT slot_name::text AS name, active, temporary,
            coalesce(pg_wal_lsn_diff(${WAL_END}, restart_lsn), 0)::float8 AS "retainedBytes"
       FROM pg_replication_slots ORDER BY 1`,
  );

export async function readStandbys(session: Session, visible: boolean): Promise<DatabaseSnapshot['standbys']> {
  if (!visible) return unread('sessions-hidden');
  return session.query(
    `SELECT coalesce(nullif(application_name, ''), pid::text) AS name, coalesce(state, '') AS state,
            coalesce(pg_wal_lsn_diff(${WAL_END}, replay_lsn), 0)::float8 AS "lagBytes"
       FROM pg_stat_replication ORDER BY 1`,
  );
}
