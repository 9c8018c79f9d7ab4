import type { LoggedStatement } from '../../snapshot/log.js';
import { loggedEvidence, loggedName } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

/** PgHero's bound. */
const LEAST_MEAN_MS = 20;
const LEAST_CALLS = 20;
const LARGE_SHARE = 0.1;

/** A statement that is slow in the log, with where the application sends it. */
export const slowInLog = statementCheck({
  id: 'slow-in-log',
  severity: 'medium',
  needs: ['log'],
  run: ({ log: { statements } }) => {
    const total = statements.reduce((sum, { duration }) => sum + (duration?.totalMs ?? 0), 0);
    return statements.flatMap((statement: LoggedStatement) => {
      const { duration } = statement;
      if (!duration || duration.calls < LEAST_CALLS || duration.totalMs / duration.calls < LEAST_MEAN_MS) return [];
      const share = duration.totalMs / total;
      return [
        {
          object: loggedName(statement),
          confidence: 'high' as const,
          severity: share >= LARGE_SHARE ? ('medium' as const) : ('low' as const),
          basis: 'log' as const,
          evidence: loggedEvidence(statement.first),
          remedy: null,
          data: {
            query: statement.query,
            ...duration,
            meanMs: duration.totalMs / duration.calls,
            share,
            routes: statement.routes,
          },
        },
      ];
    });
  },
});
