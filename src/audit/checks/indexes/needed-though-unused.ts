import { reasonsToKeep } from '../../reasons-to-keep.js';
import { indexName, relationsOf } from '../../relations.js';
import { countersSince } from '../../snapshot/database.js';
import { regclass } from '../../sql.js';
import { indexCheck } from './check.js';

const LEAST_BYTES = 2 ** 20;

/** Indexes that lists of "unused" indexes name, and that must not be dropped, with the reasons. */
export const neededThoughUnused = indexCheck({
  id: 'needed-though-unused',
  severity: 'info',
  needs: ['server', 'tables', 'columns', 'indexes', 'foreignKeys'],
  run: ({ server, ...parts }) => {
    const relations = relationsOf(parts);
    return parts.indexes
      .filter((index) => index.scans === 0 && index.valid && !index.partitioned && index.bytes >= LEAST_BYTES)
      .flatMap((index) => {
        const reasons = reasonsToKeep(index, { ...parts, relations });
        if (reasons.length === 0) return [];
        return [
          {
            object: indexName(index, relations.table(index.tableOid)),
            confidence: 'high' as const,
            basis: 'counters' as const,
            evidence: `SELECT indisunique, indisprimary, indisexclusion, indisreplident, indisclustered FROM pg_index WHERE indexrelid = ${regclass(index)};`,
            remedy: null,
            data: { index: index.name, bytes: index.bytes, reasons, since: countersSince(server) },
          },
        ];
      });
  },
});
