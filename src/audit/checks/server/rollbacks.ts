import { countersSince } from '../../snapshot/database.js';
import { serverCheck } from './check.js';

const LEAST_TRANSACTIONS = 1000;
const LEAST_SHARE = 0.1;

/** Many transactions fail or are given up. */
export const rollbacks = serverCheck({
  id: 'rollbacks',
  severity: 'info',
  needs: ['server', 'activity'],
  run: ({ server, activity: { commits, rollbacks: count } }) =>
    commits + count < LEAST_TRANSACTIONS || count < LEAST_SHARE * (commits + count)
      ? []
      : [
          {
            object: server.database,
            confidence: 'low',
            basis: 'counters',
            evidence: 'SELECT xact_commit, xact_rollback FROM pg_stat_database WHERE datname = current_database();',
            remedy: null,
            data: { commits, rollbacks: count, since: countersSince(server) },
          },
        ],
});
