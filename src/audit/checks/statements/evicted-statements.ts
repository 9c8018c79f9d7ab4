import { statementCheck } from './check.js';

/** Statements were forgotten, so what is counted of the others may be all there is, or not. */
export const evictedStatements = statementCheck({
  id: 'evicted-statements',
  severity: 'info',
  needs: ['statements', 'settings'],
  run: ({ statements: { evictions }, settings }) =>
    !evictions
      ? []
      : [
          {
            object: 'pg_stat_statements.max',
            confidence: 'high',
            basis: 'statements',
            evidence: 'SELECT dealloc, stats_reset FROM pg_stat_statements_info;',
            remedy: null,
            data: { evictions, maximum: settings['pg_stat_statements.max'] ?? '' },
          },
        ],
});
