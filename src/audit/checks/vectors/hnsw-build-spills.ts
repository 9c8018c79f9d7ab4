import { hnswNeededMaintenanceWorkMem, hnswSpillRow, majorVersion } from '../../../indexes/index.js';
import { bytesOf } from '../../bytes.js';
import { indexName, relationsOf } from '../../relations.js';
import { regclass } from '../../sql.js';
import { isVectorIndex, keptValueBytes, parameter } from '../../vector-indexes.js';
import { vectorCheck } from './check.js';

const LEAST_ROWS = 10_000;

/** The next REINDEX will not fit into memory, and inserts the rest of the rows on disk, which takes much longer. */
export const hnswBuildSpills = vectorCheck({
  id: 'hnsw-build-spills',
  severity: 'low',
  needs: ['server', 'tables', 'indexes', 'settings'],
  run: ({ server, tables, indexes, settings }) => {
    const { table } = relationsOf({ tables });
    const maintenanceWorkMemBytes = bytesOf(settings['maintenance_work_mem'])!;
    const parallelWorkers = Number(settings['max_parallel_maintenance_workers'] ?? 0);
    return indexes
      .filter((index) => isVectorIndex(index) && index.method === 'hnsw' && !index.partitioned)
      .flatMap((index) => {
        const valueBytes = keptValueBytes(index);
        const rows = index.estimatedRows ?? 0;
        if (valueBytes === null || rows < LEAST_ROWS) return [];
        const build = { m: parameter(index, 'm'), valueBytes, parallelWorkers, pgVersion: majorVersion(server.number) };
        const spillRow = hnswSpillRow(build, rows, maintenanceWorkMemBytes);
        if (spillRow === null) return [];
        return [
          {
            object: indexName(index, table(index.tableOid)),
            confidence: 'medium' as const,
            basis: 'estimates' as const,
            evidence: `SELECT reltuples, current_setting('maintenance_work_mem') FROM pg_class WHERE oid = ${regclass(index)};`,
            remedy: null,
            data: {
              index: index.name,
              rows,
              rowsInMemory: spillRow,
              maintenanceWorkMemBytes,
              neededBytes: hnswNeededMaintenanceWorkMem(build, rows),
            },
          },
        ];
      });
  },
});
