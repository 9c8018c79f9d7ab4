import { ident, type Session } from '../../postgres/index.js';

/** The roles of a server. */
export async function roleNames(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
  return new Set(rows.map(({ rolname }) => rolname));
}

/**
 * Removes everything that was built in a scratch database, so that it is as a new one.
 *
 * @param rolesBefore those that may stay
 */
export async function emptyDatabase(session: Session, rolesBefore: ReadonlySet<string>): Promise<void> {
  const names = async (sql: string): Promise<readonly string[]> =>
    (await session.query<{ name: string }>(sql)).map(({ name }) => name);
  const drop = async (what: string, sql: string): Promise<void> => {
    for (const name of await names(sql)) await session.query(`DROP ${what} ${ident(name)} CASCADE`);
  };
  await session.query('RESET ROLE');
  await drop('PUBLICATION', 'SELECT pubname AS name FROM pg_publication');
  await drop('EVENT TRIGGER', 'SELECT evtname AS name FROM pg_event_trigger');
  // Schemas first: what uses an extension is gone then. (PostgreSQL 15 fails to drop ltree before the functions over it.)
  await drop(
    'SCHEMA',
    `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'`,
  );
  await drop('EXTENSION', `SELECT extname AS name FROM pg_extension WHERE extname <> 'plpgsql'`);
  for (const role of await roleNames(session)) {
    if (rolesBefore.has(role)) continue;
    await session.query(`DROP OWNED BY ${ident(role)} CASCADE`);
    await session.query(`DROP ROLE ${ident(role)}`);
  }
  await session.query('CREATE SCHEMA public');
  await session.query('GRANT ALL ON SCHEMA public TO PUBLIC');
}
