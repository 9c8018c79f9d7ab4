import type { Session } from './session.js';

/**
 * How many connections this role can open beside the given one, by the limits of server, role and database; what others
 * open meanwhile is not foreseen. A count of 0 or less means none.
 */
export async function freeConnections(session: Session): Promise<number> {
  // A view of all databases counts backends that this role may not see one by one.
  const [row] = await session.query<{ free: number }>(
    `SELECT least(
              current_setting('max_connections')::int
                - CASE WHEN r.rolsuper THEN 0
                       ELSE current_setting('superuser_reserved_connections')::int
                            + coalesce(current_setting('reserved_connections', true), '0')::int END
                - (SELECT sum(numbackends) FROM pg_stat_database),
              CASE WHEN r.rolconnlimit >= 0 AND NOT r.rolsuper
                   THEN r.rolconnlimit - (SELECT count(*) FROM pg_stat_activity WHERE usesysid = r.oid) END,
              CASE WHEN d.datconnlimit >= 0 AND NOT r.rolsuper
                   THEN d.datconnlimit - (SELECT numbackends FROM pg_stat_database WHERE datid = d.oid) END
            )::int AS free
       FROM pg_roles r, pg_database d
      WHERE r.rolname = session_user AND d.datname = current_database()`,
  );
  return row!.free;
}
