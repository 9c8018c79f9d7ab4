import { ofStatement } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_VARIATION = 3;
const LEAST_CALLS = 100;
const LEAST_MEAN_MS = 1;

/** Most calls are fast and some very slow: another plan, a lock, a cold cache, or parameters that match much more. */
export const unstableStatement = statementCheck({
  id: 'unstable-statement',
  severity: 'info',
  needs: ['statements'],
  run: ({ statements: { statements } }) =>
    statements
      .filter(
        ({ deviationMs, meanMs, calls }) =>
          calls >= LEAST_CALLS && meanMs >= LEAST_MEAN_MS && deviationMs / meanMs > LEAST_VARIATION,
      )
      .map((statement) => ({
        ...ofStatement(statement, 'medium'),
        data: {
          query: statement.query,
          calls: statement.calls,
          meanMs: statement.meanMs,
          deviationMs: statement.deviationMs,
          maximumMs: statement.maximumMs,
        },
      })),
});
