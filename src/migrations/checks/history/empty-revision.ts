import { historyCheck } from '../snapshot.js';
import { startOf } from '../../sight.js';

/** Revisions without an effect, merges apart. */
export const emptyRevision = historyCheck({
  id: 'empty-revision',
  severity: 'low',
  needs: ['history'],
  run: ({ history: { revisions } }) => {
    const empty = revisions.filter(({ up, parents }) => up.operations.length === 0 && parents.length < 2);
    return empty.length === 0 ? [] : [{ data: { revisions: empty.map(startOf) } }];
  },
});
