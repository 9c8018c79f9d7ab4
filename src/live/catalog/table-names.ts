import type { Session } from '../../postgres/index.js';
import type { TableNames } from '../../results/index.js';
import type { LiveTable } from './table.js';

/** What the table is called in SQL. Only the server knows which names need quotes there. @param text column of the text to search */
export async function readTableNames(
  session: Session,
  { oid, column, primaryKey, leaves }: LiveTable,
  text: string | undefined,
): Promise<TableNames> {
  const [names] = await session.query<Omit<TableNames, 'rows'>>(
    `SELECT quote_ident(n.nspname) AS schema, quote_ident(c.relname) AS table, quote_ident($2::text) AS column,
            quote_ident(coalesce($3, other.name, $2)::text) AS key, $5::boolean AS "isPrimaryKey",
            quote_ident($4::text) AS text
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN LATERAL (
         SELECT attname AS name FROM pg_attribute
          WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attname <> $2
          ORDER BY attnum LIMIT 1) AS other ON true
      WHERE c.oid = $1`,
    [oid, column.name, primaryKey[0] ?? null, text ?? null, primaryKey.length === 1],
  );
  const isCounted = leaves.every(({ estimatedRows }) => estimatedRows >= 0);
  return { ...names!, rows: isCounted ? leaves.reduce((sum, { estimatedRows }) => sum + estimatedRows, 0) : null };
}
