import { ofStatement } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_ROWS_PER_CALL = 1000;
const LEAST_CALLS = 20;

/** A query without LIMIT that sends thousands of rows each time. */
export const unboundedResult = statementCheck({
  id: 'unbounded-result',
  severity: 'info',
  needs: ['statements'],
  run: ({ statements: { statements } }) =>
    statements
      .filter(
        ({ shape, rows, calls }) =>
          shape?.kind === 'select' && !shape.limited && calls >= LEAST_CALLS && rows / calls >= LEAST_ROWS_PER_CALL,
      )
      .map((statement) => ({
        ...ofStatement(statement, 'medium'),
        data: { query: statement.query, calls: statement.calls, rowsPerCall: statement.rows / statement.calls },
      })),
});
