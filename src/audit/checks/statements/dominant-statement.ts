import { sharesOf, totalMs } from '../../snapshot/statements.js';
import { ofStatement } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_SHARE = 1 / 3;
const LEAST_TOTAL_MS = 60_000;
const LEAST_CALLS = 100;

/** One statement takes a third of the time of all: whatever makes it cheaper makes the server idle. */
export const dominantStatement = statementCheck({
  id: 'dominant-statement',
  severity: 'low',
  needs: ['statements'],
  run: ({ statements: { statements } }) => {
    const share = sharesOf(statements);
    return statements
      .filter(
        (statement) =>
          share(statement) >= LEAST_SHARE && totalMs(statement) >= LEAST_TOTAL_MS && statement.calls >= LEAST_CALLS,
      )
      .map((statement) => ({
        ...ofStatement(statement, 'high'),
        data: {
          query: statement.query,
          share: share(statement),
          totalMs: totalMs(statement),
          calls: statement.calls,
          meanMs: statement.meanMs,
        },
      }));
  },
});
