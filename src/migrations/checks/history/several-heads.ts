import { historyCheck } from '../snapshot.js';
import { startOf } from '../../sight.js';

/** Two revisions were made on the same one: the tool refuses to upgrade until they are merged. */
export const severalHeads = historyCheck({
  id: 'several-heads',
  severity: 'high',
  needs: ['history', 'graph'],
  run: ({ history: { revisions }, graph: { heads } }) =>
    heads.length < 2 ? [] : [{ data: { heads: revisions.filter(({ id }) => heads.includes(id)).map(startOf) } }],
});
