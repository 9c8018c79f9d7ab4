import type { Session } from '../../src/postgres/index.js';

/** Where a server counts checkpoints: PostgreSQL 17 moved them into a view of their own. */
export async function checkpointStatistics(
  session: Session,
): Promise<{ readonly count: string; readonly reset: string }> {
  const [row] = await session.query<{ number: number }>("SELECT current_setting('server_version_num')::int AS number");
  return row!.number >= 17_00_00
    ? {
        count: 'SELECT num_timed + num_requested AS checkpoints FROM pg_stat_checkpointer',
        reset: "SELECT pg_stat_reset_shared('checkpointer')",
      }
    : {
        count: 'SELECT checkpoints_timed + checkpoints_req AS checkpoints FROM pg_stat_bgwriter',
        reset: "SELECT pg_stat_reset_shared('bgwriter')",
      };
}
