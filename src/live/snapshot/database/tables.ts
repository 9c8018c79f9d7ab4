import type { Column, Table, TableActivity } from '../../../audit/index.js';
import type { Session } from '../../../postgres/index.js';
import { isLocked, iso, OF_USERS, relationBytes } from './user-objects.js';

type Row = Omit<Table, 'activity'> & TableActivity;

export async function readTables(session: Session): Promise<readonly Table[]> {
  const rows = await session.query<Row>(
    `SELECT c.oid::int8::float8 AS oid, n.nspname::text AS schema, c.relname::text AS name,
            CASE c.relkind WHEN 'p' THEN 'partitioned' WHEN 'm' THEN 'materialized-view' ELSE 'table' END AS kind,
            (SELECT i.inhparent::int8::float8 FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno LIMIT 1) AS "parentOid",
            c.relpersistence = 'u' AS unlogged,
            CASE WHEN c.reltuples < 0 OR c.relpages = 0 AND c.reltuples = 0 THEN NULL ELSE c.reltuples::float8 END AS "estimatedRows",
            CASE c.relkind WHEN 'p' THEN 0 ELSE ${relationBytes('c.oid', 'c.relpages')} END::float8 AS "heapBytes",
            coalesce((SELECT ${relationBytes('t.oid', 't.relpages')} FROM pg_class t WHERE t.oid = c.reltoastrelid), 0)::float8 AS "toastBytes",
            coalesce(c.reloptions, '{}') AS options,
            CASE c.relkind WHEN 'p' THEN 0 ELSE age(c.relfrozenxid) END AS "xidAge",
            CASE c.relkind WHEN 'p' THEN 0 ELSE mxid_age(c.relminmxid) END AS "multixactAge",
            coalesce(s.seq_scan, 0)::float8 AS "sequentialScans", coalesce(s.seq_tup_read, 0)::float8 AS "sequentialRowsRead",
            coalesce(s.idx_scan, 0)::float8 AS "indexScans", coalesce(s.n_tup_ins, 0)::float8 AS inserts,
            coalesce(s.n_tup_upd, 0)::float8 AS updates, coalesce(s.n_tup_hot_upd, 0)::float8 AS "hotUpdates",
            coalesce(s.n_tup_del, 0)::float8 AS deletes, coalesce(s.n_live_tup, 0)::float8 AS "liveRows",
            coalesce(s.n_dead_tup, 0)::float8 AS "deadRows",
            coalesce(s.n_mod_since_analyze, 0)::float8 AS "modificationsSinceAnalyze",
            ${iso('greatest(s.last_vacuum, s.last_autovacuum)')} AS "lastVacuum",
            ${iso('greatest(s.last_analyze, s.last_autoanalyze)')} AS "lastAnalyze"
       FROM pg_class c
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
      WHERE c.relkind IN ('r', 'p', 'm') AND ${OF_USERS}
      ORDER BY n.nspname, c.relname`,
  );
  return rows.map((row) => {
    const { sequentialScans, sequentialRowsRead, indexScans, inserts, updates, hotUpdates, ...others } = row;
    const { deletes, liveRows, deadRows, modificationsSinceAnalyze, lastVacuum, lastAnalyze, ...table } = others;
    return {
      ...table,
      activity: {
        sequentialScans,
        sequentialRowsRead,
        indexScans,
        inserts,
        updates,
        hotUpdates,
        deletes,
        liveRows,
        deadRows,
        modificationsSinceAnalyze,
        lastVacuum,
        lastAnalyze,
      },
    };
  });
}

export const readColumns = (session: Session): Promise<readonly Column[]> =>
  session.query<Column>(
    `SELECT c.oid::int8::float8 AS "tableOid", a.attnum AS number, a.attname::text AS name,
            format_type(a.atttypid, a.atttypmod) AS type, t.typname::text AS "typeName", a.atttypmod AS "typeModifier",
            a.attnotnull AS "notNull",
            CASE WHEN a.attidentity <> '' THEN 'identity' WHEN a.attgenerated <> '' THEN 'stored' END AS generated,
            CASE WHEN a.attgenerated = '' AND NOT ${isLocked('c.oid')} THEN pg_get_expr(d.adbin, d.adrelid) END AS default
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'm') AND ${OF_USERS}
      ORDER BY c.oid, a.attnum`,
  );
