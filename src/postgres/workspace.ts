import { createHash } from 'node:crypto';
import { PgvtuneError } from '../errors.js';
import { ident, literal, qualified } from './identifiers.js';
import type { Server } from './server.js';
import { putSchemaFirst } from './prepare-session.js';
import type { Session } from './session.js';
import type { SessionTicket } from './ticket.js';

/**
 * The one schema of a server that a run works in. Its comment says so: nothing without that comment is ever dropped.
 */
export interface Workspace {
  readonly schema: string;
  /** True when an interrupted run of the same id left the schema: its tables may be there, whole or half-made. */
  readonly found: boolean;
  /** The quoted name of a table or index in the schema. */
  readonly quote: (name: string) => string;
  /** What marks an object outside of the schema as the run's own: a foreign server with this comment goes with the schema. */
  readonly mark: string;
  /** A session as {@link Server.connect} gives it, with the schema first in its `search_path`. */
  connect(purpose: string): Promise<Session>;
  /** What a worker thread needs to open such a session, see {@link Server.ticket}. */
  ticket(purpose: string): SessionTicket;
  /** Closes every session of the workspace, drops the schema with all that is in it, and lets the lock go. */
  drop(): Promise<void>;
  /** Closes every session and lets the lock go, but leaves the schema, for the run to be resumed. */
  leave(): Promise<void>;
}

/** A schema that some run left behind, or still works in. */
export interface Leftover {
  readonly schema: string;
  readonly run: string;
  readonly bytes: number;
  /** `application_name` and pid of the session that holds the schema's lock; null when nobody does. */
  readonly holder: string | null;
}

const COMMENT = 'pgvtune scratch schema of run ';
/** Removing the files of large indexes takes its time. */
const DROP_DEADLINE_MS = 600_000;

/**
 * Makes the schema `pgvtune_<run>`, or finds the one that an interrupted run of the same id left. Where the server
 * allows several sessions, one of them holds an advisory lock on it until the end.
 *
 * @throws {PgvtuneError} `usage` when another process works on the same run, or the schema is not ours; `server`
 */
export async function openWorkspace(server: Server, run: string): Promise<Workspace> {
  const schema = `pgvtune_${run}`;
  const sessions = new Set<Session>();

  // The guard has to work to the end: it drops the schema after Ctrl-C, too.
  const guard = await server.connect('workspace', { evenIfInterrupted: true });
  let found: boolean;
  try {
    await lock(guard, schema);
    found = await makeOrFind(guard, schema, run);
  } catch (error) {
    await guard.close();
    throw error;
  }
  // A server of one session is this run's own, and its place is needed for the work.
  const shared = server.capabilities.sessions > 1;
  if (!shared) await guard.close();

  async function closeSessions(): Promise<void> {
    await Promise.all([...sessions].map((session) => session.close()));
    sessions.clear();
  }

  return {
    schema,
    found,
    quote: (table) => qualified(schema, table),
    mark: COMMENT + run,

    async connect(purpose) {
      const session = await server.connect(purpose);
      sessions.add(session);
      await putSchemaFirst(session, schema);
      return session;
    },

    ticket: (purpose) => ({ ...server.ticket(purpose), schema }),

    async drop() {
      await closeSessions();
      await guard.close();
      const session = await server.connect('clean-up', { evenIfInterrupted: true });
      try {
        await dropLeftover(session, schema);
      } finally {
        await session.close();
      }
    },

    async leave() {
      await closeSessions();
      await guard.close();
    },
  };
}

/** The schemas on this database that carry our comment and that this role may see, by name. */
export async function listLeftovers(session: Session): Promise<Leftover[]> {
  const rows = await session.query<{ schema: string; comment: string; bytes: string }>(
    `SELECT n.nspname AS schema, obj_description(n.oid, 'pg_namespace') AS comment,
            (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c
              WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'm')) AS bytes
       FROM pg_namespace n
      WHERE starts_with(obj_description(n.oid, 'pg_namespace'), $1)
      ORDER BY n.nspname`,
    [COMMENT],
  );
  const leftovers: Leftover[] = [];
  for (const { schema, comment, bytes } of rows) {
    const holder = await holderOf(session, schema);
    leftovers.push({ schema, run: comment.slice(COMMENT.length), bytes: Number(bytes), holder });
  }
  return leftovers;
}

/**
 * Drops a schema that carries our comment, with all that is in it and with the foreign servers that carry the same.
 *
 * @throws {PgvtuneError} `usage` when it does not carry it or a run works in it, `server` when it cannot be dropped
 */
export async function dropLeftover(session: Session, schema: string): Promise<void> {
  await lock(session, schema);
  try {
    await session.transaction(async () => {
      const comment = await commentOn(session, schema);
      if (comment === undefined) return;
      if (!comment?.startsWith(COMMENT)) throw notOurs(schema);
      const servers = await session.query<{ name: string }>(
        "SELECT srvname AS name FROM pg_foreign_server WHERE obj_description(oid, 'pg_foreign_server') = $1",
        [comment],
      );
      for (const { name } of servers) await session.query(`DROP SERVER ${ident(name)} CASCADE`);
      await session.query(`DROP SCHEMA ${ident(schema)} CASCADE`, [], { deadlineMs: DROP_DEADLINE_MS });
    });
  } catch (error) {
    throw error instanceof PgvtuneError && error.sqlstate === '55P03'
      ? await stillInUse(session, schema, error)
      : error;
  } finally {
    await session.query('SELECT pg_advisory_unlock($1, $2)', lockKey(schema)).catch(() => undefined);
  }
}

async function makeOrFind(session: Session, schema: string, run: string): Promise<boolean> {
  const comment = await commentOn(session, schema);
  if (comment === undefined) {
    await session.transaction(async () => {
      await session.query(`CREATE SCHEMA ${ident(schema)}`);
      await session.query(`COMMENT ON SCHEMA ${ident(schema)} IS ${literal(COMMENT + run)}`);
    });
    return false;
  }
  if (comment !== COMMENT + run) throw notOurs(schema);
  return true;
}

/** The comment on a schema: null when it has none, undefined when there is no such schema. */
async function commentOn(session: Session, schema: string): Promise<string | null | undefined> {
  const [row] = await session.query<{ comment: string | null }>(
    `SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1`,
    [schema],
  );
  return row?.comment;
}

async function lock(session: Session, schema: string): Promise<void> {
  const [row] = await session.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1, $2) AS locked',
    lockKey(schema),
  );
  if (row?.locked) return;
  const holder = await holderOf(session, schema);
  throw new PgvtuneError(
    'usage',
    `Another process works in the schema "${schema}": ${holder ?? 'it has just ended'}.`,
    {
      hint: 'Wait for it to end, or end it: SELECT pg_terminate_backend(pid).',
    },
  );
}

async function holderOf(session: Session, schema: string): Promise<string | null> {
  const [row] = await session.query<{ holder: string }>(
    `SELECT coalesce(a.application_name, '?') || ' (pid ' || l.pid || ')' AS holder
       FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1::int AND l.objid = $2::int
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    lockKey(schema),
  );
  return row?.holder ?? null;
}

/** The two halves of an advisory lock: ours, and the schema's. Positive, as pg_locks shows them unsigned. */
function lockKey(schema: string): [number, number] {
  const half = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE() >>> 1;
  return [half('pgvtune'), half(schema)];
}

async function stillInUse(session: Session, schema: string, cause: PgvtuneError): Promise<PgvtuneError> {
  const rows = await session.query<{ holder: string }>(
    `SELECT DISTINCT coalesce(a.application_name, '?') || ' (pid ' || l.pid || ')' AS holder
       FROM pg_locks l
       JOIN pg_class c ON c.oid = l.relation
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_activity a ON a.pid = l.pid
      WHERE n.nspname = $1 AND l.pid <> pg_backend_pid()`,
    [schema],
  );
  const holders = rows.map(({ holder }) => holder).join(', ');
  return new PgvtuneError(
    'server',
    `The schema "${schema}" could not be dropped: ${holders || 'another session'} uses it.`,
    {
      hint: 'Wait for it or end it, SELECT pg_terminate_backend(pid), and run: pgvtune clean',
      sqlstate: '55P03',
      cause,
    },
  );
}

const notOurs = (schema: string): PgvtuneError =>
  new PgvtuneError('usage', `The schema "${schema}" does not carry the comment of pgvtune, so it is left alone.`, {
    hint: 'Rename or drop it yourself if you do not need it.',
  });
