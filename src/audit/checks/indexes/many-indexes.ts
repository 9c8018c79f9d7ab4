import { relationsOf } from '../../relations.js';
import { countersSince } from '../../snapshot/database.js';
import { plainName, regclass } from '../../sql.js';
import { indexCheck } from './check.js';

const MANY = 8;
const LEAST_UPDATES = 10_000;
const LOW_HOT_SHARE = 0.1;

/** Every update that is not heap-only writes to each of many indexes. */
export const manyIndexes = indexCheck({
  id: 'many-indexes',
  severity: 'info',
  needs: ['server', 'tables', 'indexes'],
  run: ({ server, ...parts }) => {
    const relations = relationsOf(parts);
    return parts.tables.flatMap((table) => {
      const indexes = relations.indexesOf(table.oid);
      const { updates, hotUpdates } = table.activity;
      if (indexes.length <= MANY || updates < LEAST_UPDATES || hotUpdates / updates >= LOW_HOT_SHARE) return [];
      return [
        {
          object: plainName(table),
          confidence: 'medium' as const,
          basis: 'counters' as const,
          evidence: `SELECT n_tup_upd, n_tup_hot_upd, (SELECT count(*) FROM pg_index WHERE indrelid = relid) AS indexes FROM pg_stat_user_tables WHERE relid = ${regclass(table)};`,
          remedy: null,
          data: {
            table: plainName(table),
            indexes: indexes.length,
            updates,
            hotUpdates,
            neverScanned: indexes.filter(({ scans }) => scans === 0).map(({ name }) => name),
            since: countersSince(server),
          },
        },
      ];
    });
  },
});
