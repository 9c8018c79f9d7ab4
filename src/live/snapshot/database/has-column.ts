import type { Session } from '../../../postgres/index.js';

/** Whether a relation of pg_catalog has a column: the server's version does not say it on a fork. */
export async function hasColumn(session: Session, catalog: string, column: string): Promise<boolean> {
  const rows = await session.query(
    `SELECT FROM pg_attribute WHERE attrelid = to_regclass('pg_catalog.' || quote_ident($1)) AND attname = $2 AND NOT attisdropped`,
    [catalog, column],
  );
  return rows.length > 0;
}
