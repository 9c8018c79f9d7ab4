import type { BuildSettings } from '../../indexes/index.js';
import { readOnly, type Session } from '../../postgres/index.js';

const DEADLINE_MS = 10_000;

/** The settings of this session: a role or a database may have its own. */
export async function readBuildSettings(session: Session): Promise<BuildSettings> {
  const [row] = await readOnly(session, { deadlineMs: DEADLINE_MS }, () =>
    session.query<BuildSettings>(
      `SELECT (SELECT setting::float8 * 1024 FROM pg_settings WHERE name = 'maintenance_work_mem') AS "maintenanceWorkMemBytes",
              least(current_setting('max_parallel_maintenance_workers')::int, current_setting('max_parallel_workers')::int)
                AS "maxParallelMaintenanceWorkers",
              current_setting('server_version_num')::int / 10000 AS "pgVersion",
              (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS pgvector`,
    ),
  );
  return row!;
}
