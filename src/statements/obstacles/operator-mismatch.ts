import { indexesOf } from '../indexes-of.js';
import { newIndex } from './new-index.js';
import type { Obstacle } from './obstacle.js';

/** There are indexes, for other distances. */
export const operatorMismatch: Obstacle = {
  code: 'operator-mismatch',
  find: (asked) => {
    const { operator } = asked.search.distance;
    const { valid } = indexesOf(asked);
    if (valid.length === 0 || asked.table.indexes.some((index) => index.operator === operator)) return null;
    const indexes = valid.map(({ name, operator: own }) => ({ index: name, operator: own }));
    return { code: 'operator-mismatch', data: { operator, indexes }, remedy: newIndex(asked) };
  },
};
