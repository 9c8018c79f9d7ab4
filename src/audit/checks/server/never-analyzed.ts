import { plainName, regclass, relation } from '../../sql.js';
import { serverCheck } from './check.js';

const LEAST_ROWS = 1000;

/** The planner guesses where a table was never analysed. */
export const neverAnalyzed = serverCheck({
  id: 'never-analyzed',
  severity: 'low',
  needs: ['tables'],
  run: ({ tables }) =>
    tables
      .filter(
        ({ kind, activity }) =>
          kind !== 'partitioned' && activity.lastAnalyze === null && activity.liveRows >= LEAST_ROWS,
      )
      .map((table) => ({
        object: plainName(table),
        confidence: 'medium',
        basis: 'counters',
        evidence: `SELECT n_live_tup, last_analyze, last_autoanalyze FROM pg_stat_user_tables WHERE relid = ${regclass(table)};`,
        remedy: {
          step: 'analyze',
          statements: [`ANALYZE ${relation(table)};`],
          lock: { mode: 'SHARE UPDATE EXCLUSIVE', held: 'while it scans' },
          rollback: [],
        },
        data: { table: plainName(table), rows: table.activity.liveRows },
      })),
});
