import { directionOf } from '../distances.js';
import { grammar } from '../grammar.js';
import type { VectorSearch } from '../vector-search.js';
import { orderByDistance } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The farthest rows come first. */
export const descending: Obstacle = {
  code: 'descending',
  find: ({ search }) => {
    const { expression, order } = search;
    if (!isFarthestFirst(search)) return null;
    const isDescending = order?.sortby_dir === 'SORTBY_DESC';
    const written = grammar().write(expression);
    const changed = orderByDistance(search);
    return {
      code: 'descending',
      data: { expression: `${written}${isDescending ? ' DESC' : ''}` },
      remedy: rewritten(changed === null ? null : false),
    };
  },
};

/** Whether the order is that of the distance, turned round. */
export function isFarthestFirst({ form, order, expression, distance }: VectorSearch): boolean {
  const direction = form === 'order' && order ? directionOf(expression, distance) : null;
  return direction !== null && (direction === 1) === (order?.sortby_dir === 'SORTBY_DESC');
}
