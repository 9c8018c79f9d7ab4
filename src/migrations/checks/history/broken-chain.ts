import { historyCheck } from '../snapshot.js';
import { startOf } from '../../sight.js';

/** A revision follows one that is in no file. */
export const brokenChain = historyCheck({
  id: 'broken-chain',
  severity: 'high',
  needs: ['history', 'graph'],
  run: ({ history: { revisions }, graph: { missing } }) =>
    missing.flatMap(({ id, parent }) => {
      const revision = revisions.find((one) => one.id === id);
      return revision ? [{ data: { at: startOf(revision), parent } }] : [];
    }),
});
