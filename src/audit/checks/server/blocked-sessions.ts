import type { ServerSession } from '../../snapshot/activity.js';
import { serverCheck } from './check.js';

/** Sessions that wait for a lock, by the session that all of them wait for in the end. */
export const blockedSessions = serverCheck({
  id: 'blocked-sessions',
  severity: 'medium',
  needs: ['sessions'],
  run: ({ sessions }) => {
    const waiting = sessions.filter(({ blockedBy }) => blockedBy.length > 0);
    const roots = new Set(
      waiting.flatMap(({ blockedBy }) => blockedBy.filter((pid) => !waiting.some((one) => one.pid === pid))),
    );
    return [...roots].map((pid) => {
      const tree = treeBelow(pid, waiting);
      const root = sessions.find((session) => session.pid === pid);
      return {
        object: `pid ${pid}`,
        confidence: 'high',
        basis: 'activity',
        evidence: `SELECT pid, pg_blocking_pids(pid), state, query FROM pg_stat_activity WHERE ${pid} = ANY(pg_blocking_pids(pid)) OR pid = ${pid};`,
        remedy: null,
        data: {
          pid,
          // A prepared transaction and the server's own processes have no session.
          state: root?.state ?? null,
          transactionSeconds: root?.transactionSeconds ?? null,
          query: root?.query ?? null,
          waiting: tree,
        },
      };
    });
  },
});

export interface Waiting {
  readonly pid: number;
  readonly blockedBy: readonly number[];
  readonly depth: number;
  readonly seconds: number;
  readonly query: string;
}

/** Everybody who waits for a session, nearest first, each below the one that it waits for. */
function treeBelow(
  pid: number,
  waiting: readonly ServerSession[],
  depth = 1,
  seen = new Set([pid]),
): readonly Waiting[] {
  return waiting
    .filter((session) => session.blockedBy.includes(pid) && !seen.has(session.pid))
    .flatMap((session) => {
      seen.add(session.pid);
      const { blockedBy, stateSeconds, query } = session;
      return [
        { pid: session.pid, blockedBy, depth, seconds: stateSeconds, query },
        ...treeBelow(session.pid, waiting, depth + 1, seen),
      ];
    });
}
