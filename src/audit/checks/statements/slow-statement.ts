import { blocks, sharesOf, totalMs } from '../../snapshot/statements.js';
import { statementEvidence, statementName } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

/** PgHero's bounds. */
const LEAST_MEAN_MS = 20;
const LEAST_CALLS = 100;
const LARGE_SHARE = 0.1;
/** A rarer one that takes so much of the time is no accident either. */
const FEWEST_CALLS = 10;

/** A statement that is slow, and called often or takes much of all time. */
export const slowStatement = statementCheck({
  id: 'slow-statement',
  severity: 'medium',
  needs: ['statements'],
  run: ({ statements: { statements } }) => {
    const share = sharesOf(statements);
    return statements
      .filter(
        (statement) =>
          statement.meanMs >= LEAST_MEAN_MS &&
          statement.shape?.kind !== 'other' &&
          (statement.calls >= LEAST_CALLS || (statement.calls >= FEWEST_CALLS && share(statement) >= LARGE_SHARE)),
      )
      .map((statement) => ({
        object: statementName(statement),
        confidence: 'high',
        basis: 'statements',
        evidence: statementEvidence(statement.id),
        severity: share(statement) >= LARGE_SHARE ? 'medium' : 'low',
        remedy: null,
        data: {
          query: statement.query,
          calls: statement.calls,
          meanMs: statement.meanMs,
          maximumMs: statement.maximumMs,
          totalMs: totalMs(statement),
          share: share(statement),
          rowsPerCall: statement.rows / statement.calls,
          blocksPerCall: blocks(statement) / statement.calls,
        },
      }));
  },
});
