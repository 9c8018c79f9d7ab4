import type { CheckConstraint, ColumnStatistics, DatabaseSnapshot, Sequence } from '../../../audit/index.js';
import { unread } from '../../../findings.js';
import type { Session } from '../../../postgres/index.js';
import { OF_USERS } from './user-objects.js';

export const readCheckConstraints = (session: Session): Promise<readonly CheckConstraint[]> =>
  session.query<CheckConstraint>(
    `SELECT k.conname::text AS name, k.conrelid::int8::float8 AS "tableOid", k.convalidated AS validated,
            pg_get_constraintdef(k.oid) AS definition
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'c' AND k.coninhcount = 0 AND ${OF_USERS}
      ORDER BY n.nspname, c.relname, k.conname`,
  );

/** Without SELECT or USAGE on a sequence its value is hidden. */
export async function readSequences(session: Session): Promise<DatabaseSnapshot['sequences']> {
  const rows = await session.query<Omit<Sequence, 'owner'> & { hidden: boolean; tableOid: number; column: number }>(
    `SELECT n.nspname::text AS schema, c.relname::text AS name, format_type(q.seqtypid, NULL) AS type,
            v.last_value::float8 AS "lastValue", q.seqmax::float8 AS maximum, q.seqincrement::float8 AS increment,
            q.seqcycle AS cycles, d.refobjid::int8::float8 AS "tableOid", d.refobjsubid AS column,
            NOT has_sequence_privilege(c.oid, 'SELECT,USAGE') AS hidden
       FROM pg_sequence q
       JOIN pg_class c ON c.oid = q.seqrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_sequences v ON v.schemaname = n.nspname AND v.sequencename = c.relname
       LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
                            AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
      WHERE ${OF_USERS}
      ORDER BY n.nspname, c.relname`,
  );
  if (rows.some(({ hidden }) => hidden)) return unread('sequences-hidden');
  return rows.map(({ schema, name, type, lastValue, maximum, increment, cycles, tableOid, column }) => ({
    schema,
    name,
    type,
    lastValue,
    maximum,
    increment,
    cycles,
    owner: tableOid === null ? null : { tableOid, column },
  }));
}

/** A state, a kind: values that a partial index may be for. Those of other columns are nobody's business. */
const MOST_COMMON_VALUES = 20;
const LONGEST_COMMON_VALUE = 40;

/** Statistics of a table are only shown to who may read it. */
export async function readColumnStatistics(session: Session): Promise<DatabaseSnapshot['columnStatistics']> {
  const [row] = await session.query<{ hidden: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE c.relkind IN ('r', 'p', 'm') AND NOT has_table_privilege(c.oid, 'SELECT') AND ${OF_USERS}) AS hidden`,
  );
  if (row!.hidden) return unread('columns-hidden');
  return session.query<ColumnStatistics>(
    `SELECT c.oid::int8::float8 AS "tableOid", a.attnum AS "columnNumber", s.null_frac::float8 AS "nullFraction",
            s.avg_width AS "averageWidth", s.n_distinct::float8 AS "distinctValues",
            CASE WHEN s.n_distinct BETWEEN 1 AND ${MOST_COMMON_VALUES} AND (t.typtype = 'e' OR t.typname IN ('text', 'varchar', 'bool', 'int2', 'int4'))
                 THEN (SELECT coalesce(json_agg(json_build_object('value', m.value, 'share', m.share)), '[]')
                         FROM unnest(s.most_common_vals::text::text[], s.most_common_freqs) AS m(value, share)
                        WHERE length(m.value) <= ${LONGEST_COMMON_VALUE})
                 ELSE '[]' END AS "commonValues"
       FROM pg_stats s
       JOIN pg_namespace n ON n.nspname = s.schemaname
       JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = s.tablename
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = s.attname
       JOIN pg_type t ON t.oid = a.atttypid
      WHERE c.relkind IN ('r', 'p', 'm') AND s.inherited = (c.relkind = 'p') AND ${OF_USERS}`,
  );
}
