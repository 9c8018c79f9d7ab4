import { reasonsToKeep } from '../../reasons-to-keep.js';
import { indexName, relationsOf } from '../../relations.js';
import { dropIndex } from '../../remedies.js';
import { countersSince, windowDays } from '../../snapshot/database.js';
import { regclass } from '../../sql.js';
import { indexCheck } from './check.js';

/** A week has a weekend and weekly jobs in it, a month the end of a month. */
const SHORTEST_WINDOW_DAYS = 7;
const LONG_WINDOW_DAYS = 30;
/** Below that there is nothing to gain. */
const LEAST_BYTES = 2 ** 20;

/** An index that no query used while the counters counted, and that nothing else needs. */
export const unusedIndex = indexCheck({
  id: 'unused-index',
  severity: 'medium',
  needs: ['server', 'tables', 'columns', 'indexes', 'foreignKeys'],
  run: ({ server, ...parts }) => {
    const relations = relationsOf(parts);
    const days = windowDays(server);
    return parts.indexes
      .filter((index) => index.scans === 0 && index.valid && !index.partitioned && index.bytes >= LEAST_BYTES)
      .filter((index) => reasonsToKeep(index, { ...parts, relations }).length === 0)
      .map((index) => {
        const own = relations.table(index.tableOid);
        const { inserts, updates, hotUpdates, deletes } = own.activity;
        return {
          object: indexName(index, own),
          confidence: days >= LONG_WINDOW_DAYS ? 'medium' : 'low',
          basis: 'counters',
          evidence: `SELECT idx_scan, idx_tup_read, pg_relation_size(indexrelid) FROM pg_stat_user_indexes WHERE indexrelid = ${regclass(index)};`,
          remedy: days >= SHORTEST_WINDOW_DAYS ? dropIndex(index, own) : null,
          severity: days >= LONG_WINDOW_DAYS ? 'medium' : days >= SHORTEST_WINDOW_DAYS ? 'low' : 'info',
          data: {
            index: index.name,
            method: index.method,
            bytes: index.bytes,
            writes: inserts + updates - hotUpdates + deletes,
            since: countersSince(server),
            windowDays: days,
            shortestWindowDays: SHORTEST_WINDOW_DAYS,
          },
        };
      });
  },
});
