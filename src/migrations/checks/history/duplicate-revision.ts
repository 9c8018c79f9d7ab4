import { historyCheck } from '../snapshot.js';

export const duplicateRevision = historyCheck({
  id: 'duplicate-revision',
  severity: 'high',
  needs: ['graph'],
  run: ({ graph: { duplicates } }) => duplicates.map(({ id, files }) => ({ data: { revision: id, files } })),
});
