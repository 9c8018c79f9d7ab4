import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { BackendCounts, PoolCounters, ServerCapacity } from '../../capacity/index.js';
import {
  findExtension,
  readOnly,
  type Server,
  type Session,
  shareBackends,
  unlessForbidden,
} from '../../postgres/index.js';
import { serverMachine } from '../snapshot/server-machine.js';

const DEADLINE_MS = 10_000;
/** Since when `pg_stat_database` counts the time of sessions. */
const ACTIVE_TIME_SINCE = 140_000;

/** A statement that sets a search setting for its session rather than for its transaction. */
export interface LeakingSet {
  /** `hnsw.ef_search`, `ivfflat.probes`, … */
  readonly name: string;
  readonly calls: number;
}

/** What was seen of a server's connections over an interval. */
export interface PoolObservation {
  readonly database: string;
  readonly before: PoolCounters;
  readonly after: PoolCounters;
  readonly looks: readonly BackendCounts[];
  readonly capacity: ServerCapacity;
  /** Sessions are served by backends that they share: a pooler in transaction mode is between. */
  readonly pooled: boolean;
  /** Null where `pg_stat_statements` is not there. */
  readonly leakingSets: readonly LeakingSet[] | null;
  /** False where this role sees the state of its own sessions only: the looks are then too low. */
  readonly seesEverybody: boolean;
}

export interface ObserveOptions {
  readonly server: Server;
  readonly forMs: number;
  readonly everyMs: number;
  /** Where the server's machine cannot be seen. */
  readonly cores?: number;
  readonly signal: AbortSignal;
}

/**
 * Two snapshots of the statistics of the session's database, and looks at its backends between them. Only reads.
 *
 * @throws {PgvtuneError} `server`
 */
export async function observePool(options: ObserveOptions): Promise<PoolObservation> {
  const { server, forMs, everyMs, cores, signal } = options;
  const session = await server.connect('pool');
  const second = await server.connect('pool');
  const pooled = await shareBackends(session, second);
  await second.close();
  const statements = await findExtension(session, 'pg_stat_statements', { create: false });
  const facts = await readFacts(session);
  const machine = cores === undefined ? await serverMachine(server, session.backendPid) : null;
  const before = await readCounters(session, facts.version, statements);
  const looks: BackendCounts[] = [];
  const until = performance.now() + forMs;
  do {
    await delay(Math.max(0, Math.min(everyMs, until - performance.now())), undefined, { signal }).catch(
      () => undefined,
    );
    looks.push(await readBackends(session));
  } while (performance.now() < until && !signal.aborted);
  const after = await readCounters(session, facts.version, statements);
  return {
    database: facts.database,
    before,
    after,
    looks,
    capacity: {
      maxConnections: facts.maxConnections,
      reservedConnections: facts.reserved,
      cores: cores ?? (machine === null ? null : availableParallelism()),
    },
    pooled,
    leakingSets: statements === null ? null : await readLeakingSets(session, statements),
    seesEverybody: facts.seesEverybody,
  };
}

interface Facts {
  readonly version: number;
  readonly database: string;
  readonly maxConnections: number;
  readonly reserved: number;
  readonly seesEverybody: boolean;
}

async function readFacts(session: Session): Promise<Facts> {
  const [row] = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<Facts & { reserved: string }>(
      `SELECT current_setting('server_version_num')::int AS version, current_database() AS database,
              current_setting('max_connections')::int AS "maxConnections",
              (SELECT coalesce(sum(setting::int), 0) FROM pg_settings
                WHERE name IN ('superuser_reserved_connections', 'reserved_connections')) AS reserved,
              pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') AS "seesEverybody"`,
    ),
  );
  return { ...row!, reserved: Number(row!.reserved) };
}

async function readCounters(session: Session, version: number, statements: string | null): Promise<PoolCounters> {
  const active =
    version >= ACTIVE_TIME_SINCE
      ? 'active_time AS active, idle_in_transaction_time AS idle'
      : 'NULL::float8 AS active, NULL::float8 AS idle';
  return readOnly(session, { deadlineMs: DEADLINE_MS }, async () => {
    const [row] = await session.query<
      Record<'at' | 'transactions', string> & Record<'active' | 'idle' | 'reset', string | null>
    >(
      `SELECT extract(epoch FROM clock_timestamp()) * 1000 AS at, xact_commit + xact_rollback AS transactions, ${active},
              stats_reset::text AS reset
         FROM pg_stat_database WHERE datname = current_database()`,
    );
    const numberOf = (text: string | null): number | null => (text === null ? null : Number(text));
    return {
      atMs: Number(row!.at),
      transactions: Number(row!.transactions),
      activeMs: numberOf(row!.active),
      idleInTransactionMs: numberOf(row!.idle),
      statements: statements === null ? null : await readStatements(session, version, statements),
      resetAt: row!.reset,
    };
  });
}

async function readStatements(session: Session, version: number, schema: string): Promise<PoolCounters['statements']> {
  const time = version >= 130_000 ? 'total_exec_time' : 'total_time';
  const rows = await unlessForbidden(
    session.query<{ calls: string | null; time: number | null }>(
      `SELECT sum(calls) AS calls, sum(${time}) AS time FROM ${schema}.pg_stat_statements
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    ),
  );
  const [row] = rows ?? [];
  return row === undefined ? null : { calls: Number(row.calls ?? 0), executionMs: row.time ?? 0 };
}

async function readBackends(session: Session): Promise<BackendCounts> {
  const [row] = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<Record<keyof BackendCounts, string>>(
      `SELECT count(*) FILTER (WHERE state IN ('active', 'fastpath function call')) AS active,
              count(*) FILTER (WHERE state = 'idle') AS idle,
              count(*) FILTER (WHERE state LIKE 'idle in transaction%') AS "idleInTransaction",
              count(*) FILTER (WHERE state = 'active' AND wait_event_type = 'Lock') AS "waitingForLock"
         FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
    ),
  );
  const counts = row!;
  return {
    active: Number(counts.active),
    idle: Number(counts.idle),
    idleInTransaction: Number(counts.idleInTransaction),
    waitingForLock: Number(counts.waitingForLock),
  };
}

/** `SET hnsw.ef_search = …` without LOCAL: in a pool it goes on to whoever has the connection next. */
async function readLeakingSets(session: Session, schema: string): Promise<readonly LeakingSet[]> {
  const rows = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<{ name: string; calls: string }>(
      `SELECT lower(substring(query FROM '(?i)^\\s*set\\s+(?:session\\s+)?"?((?:hnsw|ivfflat)\\.[a-z_]+)')) AS name, sum(calls) AS calls
         FROM ${schema}.pg_stat_statements
        WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND query ~* '^\\s*set\\s+(session\\s+)?"?(hnsw|ivfflat)\\.'
        GROUP BY 1 ORDER BY 2 DESC`,
    ),
  );
  return rows.map(({ name, calls }) => ({ name, calls: Number(calls) }));
}
