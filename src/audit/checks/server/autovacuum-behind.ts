import { rowsOf } from '../../relations.js';
import { countersSince } from '../../snapshot/database.js';
import type { Table } from '../../snapshot/relations.js';
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
      const threshold = thresholdOf(table, settings);
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

/** Dead rows at which autovacuum begins. Source: PostgreSQL manual, "The Autovacuum Daemon". */
function thresholdOf(table: Table, settings: Readonly<Record<string, string>>): number {
  const value = (name: string): number => {
    const own = table.options.find((option) => option.startsWith(`${name}=`));
    return Number(own?.slice(name.length + 1) ?? settings[name]);
  };
  const threshold = value('autovacuum_vacuum_threshold') + value('autovacuum_vacuum_scale_factor') * rowsOf(table);
  const most = settings['autovacuum_vacuum_max_threshold'];
  return most === undefined || Number(most) < 0 ? threshold : Math.min(threshold, Number(most));
}
