import { demandedBytes, memoryDemandOf } from '../../memory-demand.js';
import { serverCheck } from './check.js';

/** Of RAM; the rest is little enough for the kernel, the page cache and the backends. */
const MOST_FOR_ONE_BUILD = 0.9;

/** Settings that together allow the server more memory than its machine has. */
export const memoryOvercommitted = serverCheck({
  id: 'memory-overcommitted',
  severity: 'high',
  needs: ['server', 'settings', 'memoryBytes'],
  run: ({ server, settings, memoryBytes }) => {
    const demand = memoryDemandOf(server, settings);
    const sumBytes = demandedBytes(demand);
    if (sumBytes <= memoryBytes) return [];
    const oneBuildFits = demand.sharedBuffersBytes + demand.maintenanceWorkMemBytes <= MOST_FOR_ONE_BUILD * memoryBytes;
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
