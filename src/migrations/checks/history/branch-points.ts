import { historyCheck } from '../snapshot.js';

/** Branches that were merged later: a sign of revisions that are made at the same time. */
export const branchPoints = historyCheck({
  id: 'branch-points',
  severity: 'info',
  needs: ['graph'],
  run: ({ graph: { branchPoints: points, merges } }) =>
    points.length === 0 && merges.length === 0 ? [] : [{ data: { branchPoints: points.map(({ id }) => id), merges } }],
});
