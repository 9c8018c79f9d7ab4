import { measurementCheck } from './snapshot.js';

export const autovacuum = measurementCheck({
  id: 'autovacuum',
  severity: 'info',
  needs: ['autovacuum', 'autovacuum_max_workers'],
  run: ({ autovacuum, autovacuum_max_workers }) => (autovacuum ? [{ data: { workers: autovacuum_max_workers } }] : []),
});
