import { newIndex } from './new-index.js';
import type { Obstacle } from './obstacle.js';

/** There is no index on the vectors. */
export const noIndex: Obstacle = {
  code: 'no-index',
  find: (asked) => {
    const { table } = asked;
    if (table.indexes.length > 0) return null;
    const data = { table: table.label, column: table.column.name };
    return { code: 'no-index', data, remedy: newIndex(asked) };
  },
};
