import type { Remedy } from './checks/database.js';
import type { ServerFacts } from './snapshot/database.js';
import { name, text } from './sql.js';

/** Settings that a database may have of its own: nobody needs to be a superuser, and no managed server refuses it. */
export const setForDatabase = (server: ServerFacts, setting: string, value: string): Remedy => ({
  step: 'setting',
  statements: [`ALTER DATABASE ${name(server.database)} SET ${setting} = ${text(value)};`],
  lock: { mode: 'none', held: 'for a moment' },
  rollback: [`ALTER DATABASE ${name(server.database)} RESET ${setting};`],
});

/** A setting of the whole server that takes effect when the configuration is read again. */
export const setForServer = (setting: string, value: string): Remedy => ({
  step: 'setting',
  statements: [`ALTER SYSTEM SET ${setting} = ${text(value)};`, 'SELECT pg_reload_conf();'],
  lock: { mode: 'none', held: 'for a moment' },
  rollback: [`ALTER SYSTEM RESET ${setting};`, 'SELECT pg_reload_conf();'],
});
