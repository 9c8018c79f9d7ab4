import { indexName, relationsOf } from '../../relations.js';
import { countersSince } from '../../snapshot/database.js';
import { setForVectors } from '../../server-setting.js';
import { regclass } from '../../sql.js';
import { isSet, isVectorIndex, largestSet } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const DEFAULT_EF_SEARCH = 40;
const LEAST_SCANS = 20;
/** Of ef_search: deleted rows and equal vectors move the mean a little. */
const TOLERANCE = 0.1;

/**
 * Scans of an HNSW index that return as many rows as `hnsw.ef_search` allows: the executor wanted more, because LIMIT is
 * larger or a filter removed rows. What it did not get is missing in the answer.
 */
export const truncatedVectorScans = vectorCheck({
  id: 'truncated-vector-scans',
  severity: 'medium',
  needs: ['server', 'tables', 'indexes', 'vectorSettings'],
  run: ({ server, tables, indexes, vectorSettings }) => {
    const { table } = relationsOf({ tables });
    if (isSet(vectorSettings, 'hnsw.iterative_scan')) return [];
    const efSearch = largestSet(vectorSettings, 'hnsw.ef_search', DEFAULT_EF_SEARCH);
    return indexes
      .filter((index) => isVectorIndex(index) && index.method === 'hnsw' && index.scans >= LEAST_SCANS)
      .flatMap((index) => {
        const rowsPerScan = index.entriesRead / index.scans;
        if (Math.abs(rowsPerScan / efSearch - 1) > TOLERANCE) return [];
        return [
          {
            object: indexName(index, table(index.tableOid)),
            confidence: 'medium' as const,
            basis: 'counters' as const,
            evidence: `SELECT idx_scan, idx_tup_read, idx_tup_read::float8 / nullif(idx_scan, 0) AS rows_per_scan FROM pg_stat_user_indexes WHERE indexrelid = ${regclass(index)};`,
            remedy: setForVectors(server, { 'hnsw.iterative_scan': 'strict_order' }),
            data: { index: index.name, scans: index.scans, rowsPerScan, efSearch, since: countersSince(server) },
          },
        ];
      });
  },
});
