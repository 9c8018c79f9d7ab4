import type { SelectStmt } from 'libpg-query';
import type { SearchObstacle } from '../../results/index.js';
import { numberOf } from '../nodes.js';
import { type Obstacle, rewritten } from './obstacle.js';

type Fence = Extract<SearchObstacle, { code: 'subquery-fence' }>['data']['fence'];

/** A subquery that the planner computes by itself, so that the order around it cannot reach the index. */
export const subqueryFence: Obstacle = {
  code: 'subquery-fence',
  find: ({ search: { crossed } }) => {
    for (const { select, cte } of crossed) {
      const fence = fenceOf(select, cte?.cterecursive === true);
      if (!fence) continue;
      // Long used to keep a subquery apart, and without effect on its rows.
      const isOnlyAFence = fence === 'offset' && numberOf(select.limitOffset) === 0;
      if (isOnlyAFence) delete select.limitOffset;
      return { code: 'subquery-fence', data: { fence }, remedy: rewritten(isOnlyAFence ? true : null) };
    }
    return null;
  },
};

function fenceOf(select: SelectStmt, isRecursive: boolean): Fence | null {
  if (isRecursive) return 'recursion';
  if (select.op !== undefined && select.op !== 'SETOP_NONE') return 'set-operation';
  if (select.limitCount) return 'limit';
  if (select.distinctClause) return 'distinct';
  if (select.groupClause) return 'group-by';
  if (select.lockingClause) return 'lock';
  const hasWindow = (select.targetList ?? []).some(
    (target) =>
      'ResTarget' in target &&
      target.ResTarget.val &&
      'FuncCall' in target.ResTarget.val &&
      target.ResTarget.val.FuncCall.over,
  );
  if (hasWindow) return 'window';
  return select.limitOffset ? 'offset' : null;
}
