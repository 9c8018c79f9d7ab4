import { PgvtuneError } from '../errors.js';
import { ident, qualified } from './identifiers.js';
import type { Session } from './session.js';

/** Server settings that every session pins, where the server knows them. */
const PINNED = {
  // A deadline of the server must not cut a measurement or a build short: the session keeps deadlines itself.
  statement_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  idle_session_timeout: '0',
  transaction_timeout: '0',
  // Whoever waits for somebody else's lock should say so, not hang.
  lock_timeout: '5s',
  // pgvector tells about spilled builds and too few rows by NOTICE.
  client_min_messages: 'notice',
} as const;

/**
 * Brings a fresh connection into the state that every session has, see {@link Server.connect}: nothing left of a
 * former client of the same backend, pgvector loaded, `search_path` on its schema alone, settings pinned.
 *
 * @throws {PgvtuneError} `server` when the database has no extension `vector`
 */
export async function prepareSession(session: Session, applicationName: string): Promise<void> {
  // PGlite and session poolers hand the backend on with its settings and prepared statements.
  await session.query('DISCARD ALL');
  // A role may have one that is shorter than what follows takes.
  await session.query('SET statement_timeout = 0');
  const schema = await extensionSchema(session);
  // The first use of the type loads the library, and only then do hnsw.* and ivfflat.* exist: a SET before would
  // be accepted and lost. (LOAD would need a privilege.)
  await session.query(`SELECT '[1]'::${qualified(schema, 'vector')}`);
  const settings = { ...PINNED, application_name: applicationName, search_path: ident(schema) };
  await session.query(
    `SELECT set_config(key, value, false) FROM json_each_text($1)
      WHERE key IN (SELECT name FROM pg_settings)`,
    [JSON.stringify(settings)],
  );
  await dieWithTheClient(session);
}

/** Puts a schema in front of the `search_path` of a session. */
export async function putSchemaFirst(session: Session, schema: string): Promise<void> {
  await session.query(`SELECT set_config('search_path', $1 || ', ' || current_setting('search_path'), false)`, [
    ident(schema),
  ]);
}

/** A backend whose client has gone notices within two seconds, even inside a long build. From PostgreSQL 14. */
async function dieWithTheClient(session: Session): Promise<void> {
  try {
    await session.query(
      `SELECT set_config(name, '2s', false) FROM pg_settings WHERE name = 'client_connection_check_interval'`,
    );
  } catch (error) {
    // Some platforms know the setting, but only the value 0.
    if (!(error instanceof PgvtuneError && error.sqlstate === '22023')) throw error;
  }
}

async function extensionSchema(session: Session): Promise<string> {
  const [row] = await session.query<{ schema: string }>(
    `SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'vector'`,
  );
  if (row) return row.schema;
  const [available] = await session.query<{ database: string; version: string | null }>(
    `SELECT current_database() AS database,
            (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS version`,
  );
  throw new PgvtuneError('server', `The database "${available?.database}" has no extension "vector".`, {
    hint: available?.version
      ? `Run this there, as a role that may: CREATE EXTENSION vector; (version ${available.version} is available)`
      : 'Install pgvector on the server first, then run there: CREATE EXTENSION vector;',
  });
}
