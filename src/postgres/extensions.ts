import { PgvtuneError } from '../errors.js';
import { ident } from './identifiers.js';
import type { Session } from './session.js';

/**
 * The quoted schema of an extension's functions; null when the extension is not there, or not ours to use.
 *
 * @param options.create create it when it is missing but installed: only on a server that belongs to this run
 */
export async function findExtension(
  session: Session,
  name: string,
  { create }: { readonly create: boolean },
): Promise<string | null> {
  const schema = await schemaOf(session, name);
  if (schema !== null || !create) return schema;
  const available = await session.query('SELECT FROM pg_available_extensions WHERE name = $1', [name]);
  if (available.length === 0) return null;
  // Not in the scratch schema, which comes first on the search path and goes with the run.
  await session.query(`CREATE EXTENSION IF NOT EXISTS ${ident(name)} SCHEMA public`);
  return schemaOf(session, name);
}

async function schemaOf(session: Session, name: string): Promise<string | null> {
  const [row] = await session.query<{ schema: string }>(
    `SELECT n.nspname AS schema FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = $1`,
    [name],
  );
  return row ? ident(row.schema) : null;
}

/** What `query` returns, or null where the role may not ask. */
export async function unlessForbidden<T>(query: Promise<T>): Promise<T | null> {
  try {
    return await query;
  } catch (error) {
    if (error instanceof PgvtuneError && error.sqlstate === '42501') return null;
    throw error;
  }
}
