import { ident, type Session } from '../../postgres/index.js';

/** Not of the server, and of no extension. */
const OF_THE_HISTORY = `c.relnamespace::regnamespace::text !~ '^(pg_|information_schema)' AND NOT EXISTS (
  SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`;

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
  const dropRelations = async (what: string, kinds: string): Promise<void> => {
    const sql = `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN (${kinds}) AND ${OF_THE_HISTORY}`;
    // A partition is gone with its table.
    for (const name of await names(sql)) await session.query(`DROP ${what} IF EXISTS ${name} CASCADE`);
  };
  await session.query('RESET ROLE');
  // What one history leaves in the session would help the next one, or be in its way.
  await session.query('RESET ALL');
  await session.query('DISCARD TEMP');
  await drop('PUBLICATION', 'SELECT pubname AS name FROM pg_publication');
  await drop('EVENT TRIGGER', 'SELECT evtname AS name FROM pg_event_trigger');
  // Each table by itself, and what uses an extension before it: one DROP of all goes its own way through them, and fails with
  // "cache lookup failed for function" where it takes the options of a GiST index (ltree) before that index. It would also
  // hold a lock for every table and index at once, of which a server has a bounded number.
  await dropRelations('MATERIALIZED VIEW', "'m'");
  await dropRelations('TABLE', "'r', 'p'");
  await dropRelations('FOREIGN TABLE', "'f'");
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
