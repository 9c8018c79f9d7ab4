import { mayLackDistance } from '../kept-rows.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** Rows without a distance would come first, and no index has them. */
export const nullsFirst: Obstacle = {
  code: 'nulls-first',
  find: ({ search, table }) => {
    const { order } = search;
    if (order?.sortby_nulls !== 'SORTBY_NULLS_FIRST') return null;
    order.sortby_nulls = 'SORTBY_NULLS_DEFAULT';
    return { code: 'nulls-first', data: {}, remedy: rewritten(!mayLackDistance(search, table.column)) };
  },
};
