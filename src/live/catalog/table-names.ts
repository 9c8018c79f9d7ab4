import type { Session } from '../../postgres/index.js';
import type { SampledColumn, TableNames } from '../../results/index.js';
import type { JoinedColumn } from './joins.js';
import type { LiveTable } from './table.js';

/** A column of another table that is sampled beside the vectors. */
export interface JoinedAttribute {
  readonly name: string;
  /** As SQL writes it. */
  readonly type: string;
  readonly joined: JoinedColumn;
}

/**
 * What the table is called in SQL. Only the server knows which names need quotes there.
 *
 * @param beside.text column of the text to search
 */
export async function readTableNames(
  session: Session,
  { oid, column, primaryKey, leaves }: LiveTable,
  { text, joined }: { readonly text: string | undefined; readonly joined: readonly JoinedAttribute[] },
): Promise<TableNames> {
  const [names] = await session.query<Omit<TableNames, 'rows' | 'joined'>>(
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
  return {
    ...names!,
    joined: await readSampledColumns(session, joined),
    rows: isCounted ? leaves.reduce((sum, { estimatedRows }) => sum + estimatedRows, 0) : null,
  };
}

async function readSampledColumns(session: Session, attributes: readonly JoinedAttribute[]): Promise<SampledColumn[]> {
  if (attributes.length === 0) return [];
  const tables = await session.query<{ oid: number; schema: string; table: string }>(
    `SELECT c.oid, n.nspname AS schema, c.relname AS table
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY ($1::oid[])`,
    [attributes.flatMap(({ joined }) => joined.steps.map(({ table }) => table.oid))],
  );
  return attributes.map(({ name, type, joined: { column, steps } }) => ({
    name,
    column,
    type,
    steps: steps.map(({ table: { oid }, on }) => {
      const { schema, table } = tables.find((one) => one.oid === oid)!;
      return { schema, table, on: on.map(({ from, to }) => ({ from, to })) };
    }),
  }));
}
