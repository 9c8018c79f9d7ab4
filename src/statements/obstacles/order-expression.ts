import { directionOf } from '../distances.js';
import { grammar } from '../grammar.js';
import { collapseOf } from './distinct-rows.js';
import { orderByDistance, searchFirst } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The rows are sorted by something that is computed from the distance: an index gives the distance itself, ascending. */
export const orderExpression: Obstacle = {
  code: 'order-expression',
  find: ({ search }) => {
    const { expression, distance, order, form, select } = search;
    if (form !== 'order' || !order || expression === distance.node || collapseOf(select)) return null;
    const grows = directionOf(expression, distance) !== null;
    const written = `${grammar().write(expression)}${order.sortby_dir === 'SORTBY_DESC' ? ' DESC' : ''}`;
    const remedy = rewritten(grows ? orderByDistance(search) : searchFirst(search) ? false : null);
    return { code: 'order-expression', data: { expression: written, grows }, remedy };
  },
};
