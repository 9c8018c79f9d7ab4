import { autovacuumWorkerBytes, demandedBytes } from '../../memory-demand.js';
import { measurementCheck } from './snapshot.js';

/** Of RAM; the rest is little enough for the kernel, the page cache and the backends. */
const MOST_FOR_ONE_BUILD = 0.9;

/** What the server may take at most, against RAM. */
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
    const demand = {
      sharedBuffersBytes: parts.shared_buffers,
      maintenanceWorkMemBytes: parts.maintenance_work_mem,
      autovacuumWorkers: parts.autovacuum ? parts.autovacuum_max_workers : 0,
      autovacuumWorkerBytes: autovacuumWorkerBytes(
        parts.postgresql.number,
        parts.maintenance_work_mem,
        parts.autovacuum_work_mem,
      ),
      maxConnections: parts.max_connections,
      workMemBytes: parts.work_mem,
    };
    const sumBytes = demandedBytes(demand);
    if (sumBytes <= parts.memoryBytes) return [];
    const oneBuildFits = parts.shared_buffers + parts.maintenance_work_mem <= MOST_FOR_ONE_BUILD * parts.memoryBytes;
    return [
      {
        data: { memoryBytes: parts.memoryBytes, sumBytes, ...demand },
        severity: oneBuildFits ? 'medium' : 'high',
      },
    ];
  },
});
