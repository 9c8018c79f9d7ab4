import { type DatabaseSnapshot } from '../../../audit/index.js';
import { readOnly, type Session } from '../../../postgres/index.js';
import { readForeignKeys } from './foreign-keys.js';
import { readIndexes, readIndexesInBuild } from './indexes.js';
import { readServer } from './server.js';
import { readColumns, readTables } from './tables.js';

/**
 * Reads everything that the checks of a database look at, in one read-only transaction. Nothing is created, analysed or reset,
 * and the only locks are those of reading the catalogs.
 *
 * @param options.label how messages name the server
 * @param options.deadlineMs what one query may take
 * @throws {PgvtuneError} `server` when a query fails or takes too long, `interrupted`
 */
export function takeDatabaseSnapshot(
  session: Session,
  { label, deadlineMs }: { readonly label: string; readonly deadlineMs: number },
): Promise<DatabaseSnapshot> {
  return readOnly(session, { deadlineMs }, async () => {
    // Names in what the server prints are qualified, and nobody's operators stand in for PostgreSQL's.
    await session.query(`SELECT set_config('search_path', 'pg_catalog', true), set_config('lock_timeout', '1s', true)`);
    const server = await readServer(session, label);
    return {
      server: server.facts,
      tables: await readTables(session),
      columns: await readColumns(session),
      indexes: await readIndexes(session),
      foreignKeys: await readForeignKeys(session),
      indexesInBuild: await readIndexesInBuild(session, server.seesSessions),
    };
  });
}
