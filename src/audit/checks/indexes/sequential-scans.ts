import { rowsOf } from '../../relations.js';
import { countersSince } from '../../snapshot/database.js';
import { plainName, regclass } from '../../sql.js';
import { indexCheck } from './check.js';

const LEAST_ROWS = 10_000;
const LEAST_SCANS = 100;
/** Scans of a part of the table only, by LIMIT, read less. */
const LEAST_SHARE_READ = 0.5;

/** A large table that is read from end to end again and again. */
export const sequentialScans = indexCheck({
  id: 'sequential-scans',
  severity: 'info',
  needs: ['server', 'tables'],
  run: ({ server, tables }) => {
    return tables
      .filter(({ kind }) => kind !== 'partitioned')
      .flatMap((table) => {
        const rows = rowsOf(table);
        const { sequentialScans: scans, sequentialRowsRead: read, indexScans } = table.activity;
        if (rows < LEAST_ROWS || scans < LEAST_SCANS || read / scans < LEAST_SHARE_READ * rows) return [];
        return [
          {
            object: plainName(table),
            confidence: 'medium' as const,
            basis: 'counters' as const,
            evidence: `SELECT seq_scan, seq_tup_read, idx_scan, n_live_tup FROM pg_stat_user_tables WHERE relid = ${regclass(table)};`,
            remedy: null,
            data: {
              table: plainName(table),
              rows,
              scans,
              rowsRead: read,
              rowsPerScan: read / scans,
              indexScans,
              since: countersSince(server),
            },
          },
        ];
      });
  },
});
