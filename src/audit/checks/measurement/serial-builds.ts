import { measurementCheck } from './snapshot.js';

/** One of them at zero suffices. */
const LIMITS = ['max_parallel_maintenance_workers', 'max_parallel_workers', 'max_worker_processes'] as const;

export const serialBuilds = measurementCheck({
  id: 'serial-builds',
  severity: 'low',
  needs: ['login', ...LIMITS],
  run: ({ login: { role }, ...limits }) => {
    const zero = LIMITS.filter((setting) => limits[setting] === 0);
    return zero.length > 0 ? [{ data: { role, zero } }] : [];
  },
});
