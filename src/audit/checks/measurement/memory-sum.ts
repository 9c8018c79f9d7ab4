import { measurementCheck } from './snapshot.js';

const GB = 2 ** 30;
/** Before PostgreSQL 17 vacuum takes no more for its list of dead rows, whatever the settings. Source: `vacuumlazy.c`. */
const MOST_BEFORE_17 = GB;
/** Of RAM; the rest is little enough for the kernel, the page cache and the backends. */
const MOST_FOR_ONE_BUILD = 0.9;

/**
 * What the server may take at most, against RAM: shared_buffers, one index build, every autovacuum worker, and one
 * work_mem a connection. The workers of a parallel build share one maintenance_work_mem; each autovacuum worker has its own.
 *
 * Source: PostgreSQL manual, "Resource Consumption", `maintenance_work_mem`, `autovacuum_work_mem`, `work_mem`.
 */
export const memorySum = measurementCheck({
  id: 'memory-sum',
  severity: 'high',
  needs: [
    'autovacuum',
    'autovacuum_max_workers',
    'autovacuum_work_mem',
    'maintenance_work_mem',
    'max_connections',
    'memoryBytes',
    'postgresql',
    'shared_buffers',
    'work_mem',
  ],
  run: (parts) => {
    const workers = parts.autovacuum ? parts.autovacuum_max_workers : 0;
    const ofWorker = parts.autovacuum_work_mem < 0 ? parts.maintenance_work_mem : parts.autovacuum_work_mem;
    const workerBytes = parts.postgresql.number < 17_00_00 ? Math.min(ofWorker, MOST_BEFORE_17) : ofWorker;
    const sumBytes =
      parts.shared_buffers +
      parts.maintenance_work_mem +
      workers * workerBytes +
      parts.max_connections * parts.work_mem;
    if (sumBytes <= parts.memoryBytes) return [];
    const oneBuildFits = parts.shared_buffers + parts.maintenance_work_mem <= MOST_FOR_ONE_BUILD * parts.memoryBytes;
    return [
      {
        data: {
          memoryBytes: parts.memoryBytes,
          sumBytes,
          sharedBuffersBytes: parts.shared_buffers,
          maintenanceWorkMemBytes: parts.maintenance_work_mem,
          autovacuumWorkers: workers,
          autovacuumWorkerBytes: workerBytes,
          maxConnections: parts.max_connections,
          workMemBytes: parts.work_mem,
        },
        severity: oneBuildFits ? 'medium' : 'high',
      },
    ];
  },
});
