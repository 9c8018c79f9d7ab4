import { ofStatement } from '../../statements/evidence.js';
import { statementCheck } from './check.js';

const LEAST_CALLS = 100;
const LEAST_PLANNING_MS = 1;

/** Planning takes longer than what is planned. */
export const planningDominates = statementCheck({
  id: 'planning-dominates',
  severity: 'info',
  needs: ['statements'],
  run: ({ statements: { statements } }) =>
    statements
      .filter(
        ({ planningMs, executionMs, calls }) =>
          calls >= LEAST_CALLS && planningMs > executionMs && planningMs / calls >= LEAST_PLANNING_MS,
      )
      .map((statement) => ({
        ...ofStatement(statement, 'high'),
        data: {
          query: statement.query,
          calls: statement.calls,
          planningMs: statement.planningMs / statement.calls,
          executionMs: statement.executionMs / statement.calls,
        },
      })),
});
