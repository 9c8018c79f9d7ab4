import { DEFAULT_DEADLINE_MS, readOnly, type Session } from '../../postgres/index.js';

/** How large a table is. */
export interface TableSize {
  /** By the last VACUUM or ANALYZE; 0 for a table that had none. */
  readonly rows: number;
  /** With indexes and TOAST. */
  readonly bytes: number;
}

/** The sizes of all tables of a database; a name outside of `public` has its schema in front. */
export async function readTableSizes(session: Session): Promise<ReadonlyMap<string, TableSize>> {
  const rows = await readOnly(session, { deadlineMs: DEFAULT_DEADLINE_MS }, () =>
    session.query<{ schema: string; name: string; rows: number; bytes: number }>(
      `SELECT n.nspname AS schema, c.relname AS name, greatest(c.reltuples, 0)::float8 AS rows,
              coalesce((SELECT sum(pg_total_relation_size(t.relid)) FROM pg_partition_tree(c.oid) t WHERE t.isleaf),
                       pg_total_relation_size(c.oid))::float8 AS bytes
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
    ),
  );
  return new Map(
    rows.map(({ schema, name, rows: count, bytes }) => [
      schema === 'public' ? name : `${schema}.${name}`,
      { rows: count, bytes },
    ]),
  );
}
