import { countersSince } from '../../snapshot/database.js';
import { serverCheck } from './check.js';

/** Transactions that waited for each other, of which one was cancelled. */
export const deadlocks = serverCheck({
  id: 'deadlocks',
  severity: 'info',
  needs: ['server', 'activity'],
  run: ({ server, activity }) =>
    activity.deadlocks === 0
      ? []
      : [
          {
            object: server.database,
            confidence: 'high',
            basis: 'counters',
            evidence: 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database();',
            remedy: null,
            data: { deadlocks: activity.deadlocks, since: countersSince(server) },
          },
        ],
});
