import { reasonsToKeep } from '../../reasons-to-keep.js';
import { indexName, relationsOf } from '../../relations.js';
import { countersSince, windowDays } from '../../snapshot/database.js';
import { regclass } from '../../sql.js';
import { indexCheck } from './check.js';

const LEAST_BYTES = 10 * 2 ** 20;
const LEAST_WRITES = 10_000;
const LEAST_WRITES_PER_SCAN = 1000;
/** A scan that returns so many entries does the work of many. */
const MOST_ENTRIES_PER_SCAN = 10_000;
const SHORTEST_WINDOW_DAYS = 7;

/** An index that is written thousands of times for each time that it is read. */
export const rarelyUsedIndex = indexCheck({
  id: 'rarely-used-index',
  severity: 'info',
  needs: ['server', 'tables', 'columns', 'indexes', 'foreignKeys'],
  run: ({ server, ...parts }) => {
    const relations = relationsOf(parts);
    if (windowDays(server) < SHORTEST_WINDOW_DAYS) return [];
    return parts.indexes
      .filter((index) => index.scans > 0 && index.valid && index.bytes >= LEAST_BYTES)
      .filter((index) => index.entriesRead / index.scans < MOST_ENTRIES_PER_SCAN)
      .filter((index) => reasonsToKeep(index, { ...parts, relations }).length === 0)
      .flatMap((index) => {
        const own = relations.table(index.tableOid);
        const { inserts, updates, hotUpdates, deletes } = own.activity;
        const writes = inserts + updates - hotUpdates + deletes;
        if (writes < LEAST_WRITES || writes / index.scans < LEAST_WRITES_PER_SCAN) return [];
        return [
          {
            object: indexName(index, own),
            confidence: 'low' as const,
            basis: 'counters' as const,
            evidence: `SELECT idx_scan, idx_tup_read, pg_relation_size(indexrelid) FROM pg_stat_user_indexes WHERE indexrelid = ${regclass(index)};`,
            remedy: null,
            data: { index: index.name, scans: index.scans, writes, bytes: index.bytes, since: countersSince(server) },
          },
        ];
      });
  },
});
