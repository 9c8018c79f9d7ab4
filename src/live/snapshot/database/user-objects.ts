/** A condition on pg_class and pg_namespace (`c`, `n`): no relation of the system, of an extension, or of one session. */
export const OF_USERS = `n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`;

/** A timestamp as ISO 8601, or null. */
export const iso = (expression: string): string =>
  `to_char(${expression} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * A condition: somebody holds, or waits for, a lock on a relation that even its size would have to wait for. The audit must not
 * wait for what it is there to report.
 */
export const isLocked = (oid: string): string =>
  `EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.relation = ${oid}
             AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()))`;

/** Bytes of a relation; of one that is locked, those that it had at the last VACUUM or ANALYZE. */
export const relationBytes = (oid: string, pages: string): string =>
  `CASE WHEN ${isLocked(oid)} THEN ${pages}::int8 * current_setting('block_size')::int8 ELSE pg_relation_size(${oid}) END`;
