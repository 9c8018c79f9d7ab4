import { setForDatabase } from '../../server-setting.js';
import { serverCheck } from './check.js';

const LOW_SECONDS = 5 * 60;
const MEDIUM_SECONDS = 15 * 60;

/** A transaction that is open while its client does nothing: it keeps locks, and dead rows from VACUUM. */
export const idleInTransaction = serverCheck({
  id: 'idle-in-transaction',
  severity: 'medium',
  needs: ['server', 'sessions'],
  run: ({ server, sessions }) =>
    sessions
      .filter(({ state, stateSeconds }) => state.startsWith('idle in transaction') && stateSeconds >= LOW_SECONDS)
      .map((session) => ({
        object: `pid ${session.pid}`,
        confidence: 'high',
        basis: 'activity',
        evidence: `SELECT pid, usename, application_name, xact_start, state_change, query FROM pg_stat_activity WHERE pid = ${session.pid};`,
        severity: session.stateSeconds >= MEDIUM_SECONDS ? 'medium' : 'low',
        remedy: setForDatabase(server, 'idle_in_transaction_session_timeout', '5min'),
        data: {
          pid: session.pid,
          user: session.user,
          application: session.application,
          seconds: session.stateSeconds,
          query: session.query,
        },
      })),
});
