import { historyCheck } from '../snapshot.js';

/** Revisions that follow each other in a circle can never run. */
export const cyclicHistory = historyCheck({
  id: 'cyclic-history',
  severity: 'high',
  needs: ['graph'],
  run: ({ graph: { cycle } }) => (cycle.length === 0 ? [] : [{ data: { revisions: cycle } }]),
});
