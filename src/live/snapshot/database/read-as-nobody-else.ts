import type { Session } from '../../../postgres/index.js';

/** Names in what the server prints are qualified, and nobody's operators stand in for PostgreSQL's. For one transaction. */
export const readAsNobodyElse = (session: Session): Promise<unknown> =>
  session.query(`SELECT set_config('search_path', 'pg_catalog', true), set_config('lock_timeout', '1s', true)`);
