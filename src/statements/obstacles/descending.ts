import { directionOf } from '../distances.js';
import { grammar } from '../grammar.js';
import { orderByDistance } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The farthest rows come first. */
export const descending: Obstacle = {
  code: 'descending',
  find: ({ search }) => {
    const { expression, distance, order, form } = search;
    const direction = form === 'order' && order ? directionOf(expression, distance) : null;
    const isDescending = order?.sortby_dir === 'SORTBY_DESC';
    if (direction === null || (direction === 1) !== isDescending) return null;
    const written = grammar().write(expression);
    const changed = orderByDistance(search);
    return {
      code: 'descending',
      data: { expression: `${written}${isDescending ? ' DESC' : ''}` },
      remedy: rewritten(changed === null ? null : false),
    };
  },
};
