import { countersSince, type DatabaseSnapshot } from '../../audit/index.js';
import { type BackendCounts, busyBackends, type PoolCounters, poolAdvice } from '../../capacity/index.js';
import { isUnread } from '../../findings.js';
import { poolLines } from '../capacity/pool.js';
import { fencedBlock } from '../text/markdown.js';
import type { PoolTexts } from '../text/pool-texts.js';

/** What `pgvtune pool` assumes of an application, too, when nobody says more. */
const SHAPE = { webProcesses: 1, workerProcesses: 0, tasksPerProcess: 10, connectionsPerTask: 1, growth: 1 };

/**
 * Sizes of pools from the counters of a snapshot, and its one look at the sessions: the same arithmetic as that of `pgvtune pool`,
 * over the window of the audit.
 *
 * @returns null where the role may not see the sessions
 */
export function poolSection(snapshot: DatabaseSnapshot, texts: PoolTexts): string | null {
  const { server, settings, sessions, activity, statements } = snapshot;
  if (isUnread(sessions)) return null;
  const own = sessions.filter(({ database }) => database === server.database);
  const inState = (pattern: RegExp): number => own.filter(({ state }) => pattern.test(state)).length;
  const look: BackendCounts = {
    active: inState(/^active/),
    idle: inState(/^idle$/),
    idleInTransaction: inState(/^idle in transaction/),
    waitingForLock: own.filter(({ waitsForLock }) => waitsForLock).length,
  };
  const after: PoolCounters = {
    atMs: Date.parse(server.takenAt),
    transactions: activity.commits + activity.rollbacks,
    activeMs: activity.activeMs,
    idleInTransactionMs: activity.idleInTransactionMs,
    statements: isUnread(statements)
      ? null
      : {
          calls: statements.statements.reduce((sum, { calls }) => sum + calls, 0),
          executionMs: statements.statements.reduce((sum, { executionMs }) => sum + executionMs, 0),
        },
    resetAt: null,
  };
  const before: PoolCounters = {
    atMs: Date.parse(countersSince(server)),
    transactions: 0,
    activeMs: activity.activeMs === null ? null : 0,
    idleInTransactionMs: activity.idleInTransactionMs === null ? null : 0,
    statements: after.statements && { calls: 0, executionMs: 0 },
    resetAt: null,
  };
  const busy = busyBackends(before, after, [look]);
  const capacity = {
    maxConnections: Number(settings['max_connections']),
    reservedConnections:
      Number(settings['superuser_reserved_connections'] ?? 0) + Number(settings['reserved_connections'] ?? 0),
    cores: null,
  };
  const advice = poolAdvice(busy, SHAPE, capacity);
  const view = { busy, shape: SHAPE, server: capacity, advice, pooled: false, leakingSets: [], seesEverybody: true };
  return fencedBlock('', poolLines(view, texts));
}
