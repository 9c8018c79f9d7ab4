import type { Session } from './session.js';

/**
 * Whether two open sessions are not served by one backend each, always the same: behind a pooler in transaction mode idle
 * sessions take turns, and settings leak or vanish.
 */
export async function shareBackends(first: Session, second: Session): Promise<boolean> {
  const seen = [first, second].map((session) => new Set([session.backendPid]));
  for (let i = 0; i < 5; i++) {
    for (const [j, session] of [first, second].entries()) {
      const [row] = await session.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      seen[j]!.add(row!.pid);
    }
  }
  const pids = seen.flatMap((set) => [...set]);
  return pids.length > 2 || pids[0] === pids[1];
}
