import { autovacuumThreshold } from '../../autovacuum-threshold.js';
import { countersSince } from '../../snapshot/database.js';
import { plainName, regclass, relation } from '../../sql.js';
import { serverCheck } from './check.js';

/** Times the threshold at which autovacuum should have come. */
const LATE = 2;
const LEAST_DEAD_ROWS = 1000;

/** Tables with many more dead rows than autovacuum should have left. */
export const autovacuumBehind = serverCheck({
  id: 'autovacuum-behind',
  severity: 'medium',
  needs: ['server', 'tables', 'settings'],
  run: ({ server, tables, settings }) =>
    tables.flatMap((table) => {
      const { deadRows, lastVacuum } = table.activity;
      const threshold = autovacuumThreshold(table, settings);
      if (deadRows < LEAST_DEAD_ROWS || deadRows <= LATE * threshold) return [];
      return [
        {
          object: plainName(table),
          confidence: 'medium' as const,
          basis: 'counters' as const,
          evidence: `SELECT n_live_tup, n_dead_tup, last_vacuum, last_autovacuum, autovacuum_count FROM pg_stat_user_tables WHERE relid = ${regclass(table)};`,
          remedy: {
            step: 'analyze' as const,
            statements: [`VACUUM (ANALYZE) ${relation(table)};`],
            lock: { mode: 'SHARE UPDATE EXCLUSIVE' as const, held: 'while it scans' as const },
            rollback: [],
          },
          data: {
            table: plainName(table),
            deadRows,
            liveRows: table.activity.liveRows,
            threshold,
            lastVacuum,
            since: countersSince(server),
          },
        },
      ];
    }),
});
