import type { Judgement, Remedy } from './checks/database.js';
import type { ServerFacts } from './snapshot/database.js';
import { name, text } from './sql.js';

/** Settings that a database may have of its own: nobody needs to be a superuser, and no managed server refuses it. */
export const setForDatabase = (server: ServerFacts, setting: string, value: string): Remedy => ({
  step: 'setting',
  statements: [`ALTER DATABASE ${name(server.database)} SET ${setting} = ${text(value)};`],
  lock: { mode: 'none', held: 'for a moment' },
  rollback: [`ALTER DATABASE ${name(server.database)} RESET ${setting};`],
});

/** Loads pgvector's library. Before, PostgreSQL knows its settings not, and lets nobody but a superuser keep or reset them. */
const LOAD_PGVECTOR = "SELECT '[1]'::vector;";

/**
 * Settings of pgvector for a database.
 *
 * @param before what the database has set already; others are reset on the way back
 */
export function setForVectors(
  { database }: Pick<ServerFacts, 'database'>,
  settings: Readonly<Record<string, string>>,
  before: Readonly<Record<string, string>> = {},
): Remedy {
  const alter = `ALTER DATABASE ${name(database)}`;
  return {
    step: 'setting',
    statements: [
      LOAD_PGVECTOR,
      ...Object.entries(settings).map(([setting, value]) => `${alter} SET ${setting} = ${text(value)};`),
    ],
    lock: { mode: 'none', held: 'for a moment' },
    rollback: [
      LOAD_PGVECTOR,
      ...Object.keys(settings).map((setting) => {
        const own = before[setting];
        return own === undefined ? `${alter} RESET ${setting};` : `${alter} SET ${setting} = ${text(own)};`;
      }),
    ],
  };
}

/** A setting of the whole server that takes effect when the configuration is read again. */
export const setForServer = (
  setting: string,
  value: string,
): Required<Pick<Judgement, 'remedy' | 'serverSettings'>> => ({
  serverSettings: [{ name: setting, value }],
  remedy: {
    step: 'setting',
    statements: [`ALTER SYSTEM SET ${setting} = ${text(value)};`, 'SELECT pg_reload_conf();'],
    lock: { mode: 'none', held: 'for a moment' },
    rollback: [`ALTER SYSTEM RESET ${setting};`, 'SELECT pg_reload_conf();'],
  },
});
