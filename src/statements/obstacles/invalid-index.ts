import { indexesOf } from '../indexes-of.js';
import type { Obstacle } from './obstacle.js';

/** The one index for this distance is left over from a build that failed. */
export const invalidIndex: Obstacle = {
  code: 'invalid-index',
  find: (asked) => {
    const { operator } = asked.search.distance;
    const { serving, elsewhere } = indexesOf(asked);
    const invalid = asked.table.indexes.find((index) => !index.valid && index.operator === operator);
    if (!invalid || serving.length + elsewhere.length > 0) return null;
    return {
      code: 'invalid-index',
      data: { index: invalid.name },
      remedy: { kind: 'reindex', index: invalid.quoted },
    };
  },
};
