import type { DatabaseSnapshot, Index } from '../../../audit/index.js';
import { unread } from '../../../findings.js';
import type { Session } from '../../../postgres/index.js';
import { extensionOf } from '../../catalog/vector-indexes.js';
import { hasColumn } from './has-column.js';
import { iso, OF_USERS, relationBytes } from './user-objects.js';

/** Columns come and go with versions and forks, so the catalog is asked for them. */
export async function readIndexes(session: Session): Promise<readonly Index[]> {
  const nullsNotDistinct = await hasColumn(session, 'pg_index', 'indnullsnotdistinct');
  const lastScan = await hasColumn(session, 'pg_stat_all_indexes', 'last_idx_scan');
  const rows = await session.query<IndexRow>(
    `SELECT i.indexrelid::int8::float8 AS oid, i.indrelid::int8::float8 AS "tableOid", n.nspname::text AS schema,
            x.relname::text AS name, am.amname::text AS method,
            ${extensionOf('am.oid')} AS "methodExtension", x.relkind = 'I' AS partitioned,
            EXISTS (SELECT FROM pg_inherits h WHERE h.inhrelid = i.indexrelid) AS attached,
            (SELECT json_agg(json_build_object(
                      'column', i.indkey[p], 'text', pg_get_indexdef(i.indexrelid, p + 1, false),
                      'operatorClass', o.opcname, 'collationOid', i.indcollation[p]::int8, 'option', i.indoption[p],
                      'typeName', t.typname, 'typeModifier', a.atttypmod) ORDER BY p)
               FROM generate_series(0, i.indnkeyatts - 1) AS p
               JOIN pg_opclass o ON o.oid = i.indclass[p]
               JOIN pg_attribute a ON a.attrelid = i.indexrelid AND a.attnum = p + 1
               JOIN pg_type t ON t.oid = a.atttypid) AS keys,
            (i.indkey::int2[]::int[])[i.indnkeyatts : i.indnatts - 1] AS included,
            ARRAY(SELECT k FROM unnest(i.indkey::int2[]) AS k WHERE k > 0
                  UNION
                  SELECT d.refobjsubid FROM pg_depend d
                   WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
                     AND d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indrelid AND d.refobjsubid > 0) AS columns,
            pg_get_expr(i.indpred, i.indrelid) AS predicate, i.indisunique AS unique,
            ${nullsNotDistinct ? 'i.indnullsnotdistinct' : 'false'} AS "nullsNotDistinct", i.indimmediate AS immediate,
            i.indisvalid AND i.indisready AS valid, i.indisreplident AS "replicaIdentity", i.indisclustered AS clustered,
            (SELECT json_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid), 'kind',
                      CASE k.contype WHEN 'p' THEN 'primary' WHEN 'u' THEN 'unique' ELSE 'exclusion' END)
               FROM pg_constraint k
              WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')) AS constraint,
            EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype = 'f') AS referenced,
            coalesce(x.reloptions, '{}') AS options, x.relpages AS pages,
            CASE x.relkind WHEN 'I' THEN 0 ELSE ${relationBytes('x.oid', 'x.relpages')} END::float8 AS bytes,
            CASE WHEN x.reltuples < 0 THEN NULL ELSE x.reltuples::float8 END AS "estimatedRows",
            pg_get_indexdef(i.indexrelid) AS definition, coalesce(s.idx_scan, 0)::float8 AS scans,
            coalesce(s.idx_tup_read, 0)::float8 AS "entriesRead",
            ${lastScan ? iso('s.last_idx_scan') : 'NULL'} AS "lastScan"
       FROM pg_index i
       JOIN pg_class x ON x.oid = i.indexrelid
       JOIN pg_am am ON am.oid = x.relam
       JOIN pg_class c ON c.oid = i.indrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = i.indexrelid
      WHERE c.relkind IN ('r', 'p', 'm') AND ${OF_USERS}
      ORDER BY n.nspname, c.relname, x.relname`,
  );
  return rows.map(({ included, ...row }) => ({ ...row, included: included ?? [] }));
}

type IndexRow = Omit<Index, 'included'> & { readonly included: readonly number[] | null };

/** Who may not see other sessions gets rows without a relation. */
export async function readIndexesInBuild(
  session: Session,
  seesSessions: boolean,
): Promise<DatabaseSnapshot['indexesInBuild']> {
  if (!seesSessions) return unread('sessions-hidden');
  const rows = await session.query<{ oid: number }>(
    `SELECT index_relid::int8::float8 AS oid FROM pg_stat_progress_create_index
      WHERE datname = current_database() AND index_relid <> 0`,
  );
  return rows.map(({ oid }) => oid);
}
