import { historyCheck } from '../snapshot.js';
import { startOf } from '../../sight.js';

/** Of a tool that knows ways back, revisions without one. */
export const noDowngrade = historyCheck({
  id: 'no-downgrade',
  severity: 'low',
  needs: ['history'],
  run: ({ history: { revisions } }) => {
    const without = revisions.filter(
      ({ up, down, parents }) => down === null && up.operations.length > 0 && parents.length < 2,
    );
    if (without.length === 0 || without.length === revisions.length) return [];
    return [{ data: { revisions: without.map(startOf), of: revisions.length } }];
  },
});
