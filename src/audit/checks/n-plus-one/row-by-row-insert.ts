import { sharesOf } from '../../snapshot/statements.js';
import { ofStatement } from '../../statements/evidence.js';
import { nPlusOneCheck } from './check.js';

const LEAST_CALLS = 10_000;
const LEAST_SHARE = 0.05;

/** Rows that are inserted one at a time, in great numbers. */
export const rowByRowInsert = nPlusOneCheck({
  id: 'row-by-row-insert',
  severity: 'info',
  needs: ['statements'],
  run: ({ statements: { statements } }) => {
    const share = sharesOf(statements);
    return statements
      .filter(
        (statement) =>
          statement.shape?.kind === 'insert' &&
          statement.calls >= LEAST_CALLS &&
          statement.rows <= 1.1 * statement.calls &&
          share(statement) >= LEAST_SHARE,
      )
      .map((statement) => ({
        ...ofStatement(statement, 'low'),
        data: {
          query: statement.query,
          calls: statement.calls,
          rows: statement.rows,
          executionMs: statement.executionMs,
          share: share(statement),
        },
      }));
  },
});
