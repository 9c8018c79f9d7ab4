import { measurementCheck } from './snapshot.js';

/** A pooler in transaction mode: what a session sets and prepares stays behind on a backend that others use, too. */
export const transactionPooler = measurementCheck({
  id: 'transaction-pooler',
  severity: 'high',
  needs: ['backendsShared'],
  run: ({ backendsShared }) => (backendsShared ? [{ data: {} }] : []),
});
