import type { ForeignKey } from '../../../audit/index.js';
import type { Session } from '../../../postgres/index.js';
import { OF_USERS } from './user-objects.js';

/** Foreign keys as they were declared; those that partitions inherit are left out. */
export const readForeignKeys = (session: Session): Promise<readonly ForeignKey[]> =>
  session.query<ForeignKey>(
    `SELECT k.conname::text AS name, k.conrelid::int8::float8 AS "tableOid", k.conkey::int[] AS columns,
            k.confrelid::int8::float8 AS "referencedTableOid", k.confkey::int[] AS "referencedColumns",
            k.convalidated AS validated,
            CASE k.confdeltype WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set null'
              WHEN 'd' THEN 'set default' ELSE 'no action' END AS "onDelete",
            pg_get_constraintdef(k.oid) AS definition
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE k.contype = 'f' AND k.conparentid = 0 AND ${OF_USERS}
      ORDER BY n.nspname, c.relname, k.conname`,
  );
