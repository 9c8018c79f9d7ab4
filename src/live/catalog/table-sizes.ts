import { DEFAULT_DEADLINE_MS, readOnly, type Session } from '../../postgres/index.js';

/** How large a table is. */
export interface TableSize {
  /** By the last VACUUM or ANALYZE; for a table that had none, by its pages. */
  readonly rows: number;
  /** With indexes and TOAST. */
  readonly bytes: number;
  /** Of the table alone. */
  readonly heapBytes: number;
}

/** A row of a table that was never counted: fixed types, vectors unless they lie out of line, and 32 bytes of all else. */
const UNCOUNTED_ROW_BYTES = `28 + (
           SELECT coalesce(sum(CASE WHEN a.attlen > 0 THEN a.attlen
                                    WHEN y.typname = 'vector' AND a.atttypmod > 0 THEN CASE WHEN a.atttypmod < 500 THEN 4 * a.atttypmod + 8 ELSE 18 END
                                    WHEN y.typname = 'halfvec' AND a.atttypmod > 0 THEN CASE WHEN a.atttypmod < 1000 THEN 2 * a.atttypmod + 8 ELSE 18 END
                                    ELSE 32 END), 0)
           FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid
           WHERE a.attrelid = l.oid AND a.attnum > 0 AND NOT a.attisdropped)`;

/** The sizes of all tables of a database; a name outside of `public` has its schema in front. */
export async function readTableSizes(session: Session): Promise<ReadonlyMap<string, TableSize>> {
  const rows = await readOnly(session, { deadlineMs: DEFAULT_DEADLINE_MS }, () =>
    session.query<{ schema: string; name: string } & TableSize>(
      `SELECT n.nspname AS schema, c.relname AS name, t.*
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       CROSS JOIN LATERAL (
         SELECT coalesce(sum(CASE WHEN l.reltuples < 0 OR (l.reltuples = 0 AND l.relpages = 0)
                                  THEN pg_relation_size(l.oid) / (${UNCOUNTED_ROW_BYTES}) ELSE l.reltuples END), 0)::float8 AS rows,
                coalesce(sum(pg_total_relation_size(l.oid)), 0)::float8 AS bytes,
                coalesce(sum(pg_relation_size(l.oid)), 0)::float8 AS "heapBytes"
         FROM pg_class l
         WHERE l.oid = c.oid AND c.relkind = 'r'
            OR c.relkind = 'p' AND l.oid IN (SELECT p.relid FROM pg_partition_tree(c.oid) p WHERE p.isleaf)) t
       WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
    ),
  );
  return new Map(rows.map(({ schema, name, ...size }) => [schema === 'public' ? name : `${schema}.${name}`, size]));
}
