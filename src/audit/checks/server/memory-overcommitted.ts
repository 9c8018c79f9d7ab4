import { bytesOf } from '../../bytes.js';
import { autovacuumWorkerBytes, demandedBytes } from '../../memory-demand.js';
import { serverCheck } from './check.js';

/** Of RAM; the rest is little enough for the kernel, the page cache and the backends. */
const MOST_FOR_ONE_BUILD = 0.9;

/** Settings that together allow the server more memory than its machine has. */
export const memoryOvercommitted = serverCheck({
  id: 'memory-overcommitted',
  severity: 'high',
  needs: ['server', 'settings', 'memoryBytes'],
  run: ({ server, settings, memoryBytes }) => {
    const maintenanceWorkMemBytes = bytesOf(settings['maintenance_work_mem'])!;
    const demand = {
      sharedBuffersBytes: bytesOf(settings['shared_buffers'])!,
      maintenanceWorkMemBytes,
      autovacuumWorkers: settings['autovacuum'] === 'on' ? Number(settings['autovacuum_max_workers']) : 0,
      autovacuumWorkerBytes: autovacuumWorkerBytes(
        server.number,
        maintenanceWorkMemBytes,
        bytesOf(settings['autovacuum_work_mem'])!,
      ),
      maxConnections: Number(settings['max_connections']),
      workMemBytes: bytesOf(settings['work_mem'])!,
    };
    const sumBytes = demandedBytes(demand);
    if (sumBytes <= memoryBytes) return [];
    const oneBuildFits = demand.sharedBuffersBytes + maintenanceWorkMemBytes <= MOST_FOR_ONE_BUILD * memoryBytes;
    return [
      {
        object: 'memory',
        confidence: 'medium',
        basis: 'catalog',
        evidence: `SELECT name, current_setting(name) FROM pg_settings WHERE name IN ('shared_buffers', 'maintenance_work_mem', 'autovacuum_max_workers', 'autovacuum_work_mem', 'max_connections', 'work_mem');`,
        severity: oneBuildFits ? 'medium' : 'high',
        remedy: null,
        data: { memoryBytes, sumBytes, ...demand },
      },
    ];
  },
});
