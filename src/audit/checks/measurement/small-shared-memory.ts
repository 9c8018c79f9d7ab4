import { hnswSharedMemory } from '../../../indexes/index.js';
import { measurementCheck } from './snapshot.js';

/** A container often has 64 MB of /dev/shm, from which a parallel build takes all of maintenance_work_mem at once. */
export const smallSharedMemory = measurementCheck({
  id: 'small-shared-memory',
  severity: 'high',
  needs: [
    'dynamic_shared_memory_type',
    'login',
    'maintenance_work_mem',
    'max_parallel_maintenance_workers',
    'sharedMemoryBytes',
  ],
  run: (parts) => {
    const neededBytes = hnswSharedMemory(parts.max_parallel_maintenance_workers, parts.maintenance_work_mem);
    return parts.dynamic_shared_memory_type !== 'posix' || neededBytes <= parts.sharedMemoryBytes
      ? []
      : [{ data: { role: parts.login.role, freeBytes: parts.sharedMemoryBytes, neededBytes } }];
  },
});
