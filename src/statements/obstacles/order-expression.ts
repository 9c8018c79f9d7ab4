import { directionOf, roundsIn } from '../distances.js';
import { grammar } from '../grammar.js';
import { nodesIn } from '../nodes.js';
import { mayLackDistance } from '../kept-rows.js';
import { orderByDistance, searchFirst } from './change.js';
import { isFarthestFirst } from './descending.js';
import { collapseOf } from './distinct-rows.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The rows are sorted by something that is computed from the distance: an index gives the distance itself, ascending. */
export const orderExpression: Obstacle = {
  code: 'order-expression',
  find: ({ search, table }) => {
    const { expression, distance, order, form, select } = search;
    if (form !== 'order' || !order || expression === distance.node || collapseOf(select)) return null;
    if (isFarthestFirst(search)) return null;
    const grows = directionOf(expression, distance) !== null;
    const isDescending = order.sortby_dir === 'SORTBY_DESC';
    // DESC puts nulls first where nothing else is said.
    const putsNullsFirst =
      order.sortby_nulls === 'SORTBY_NULLS_FIRST' || (isDescending && order.sortby_nulls !== 'SORTBY_NULLS_LAST');
    const replacesNulls = [...nodesIn(expression)].some((node) => 'CoalesceExpr' in node);
    const movesNulls = (putsNullsFirst || replacesNulls) && mayLackDistance(search, table.column);
    const rounds = roundsIn(expression, distance);
    const data = {
      expression: `${grammar().write(expression)}${isDescending ? ' DESC' : ''}`,
      grows,
      rounds: grows && rounds,
      movesNulls: grows && movesNulls,
    };
    if (!grows) return { code: 'order-expression', data, remedy: rewritten(searchFirst(search) ? false : null) };
    const isSame = orderByDistance(search);
    const keeps = isSame === null ? null : isSame && !rounds && !movesNulls;
    return { code: 'order-expression', data, remedy: rewritten(keeps) };
  },
};
