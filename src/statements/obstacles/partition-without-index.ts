import { indexesOf } from '../indexes-of.js';
import { newIndex } from './new-index.js';
import type { Obstacle } from './obstacle.js';

/** Some partitions have the index, others do not. */
export const partitionWithoutIndex: Obstacle = {
  code: 'partition-without-index',
  find: (asked) => {
    const { leaves } = asked.table;
    const { serving } = indexesOf(asked);
    const filled = leaves.filter(({ blocks }) => blocks > 0);
    const without = filled.filter(({ oid }) => !serving.some((index) => index.table === oid));
    if (serving.length === 0 || without.length === 0) return null;
    const data = { partitions: without.map(({ name }) => name), of: filled.length };
    return { code: 'partition-without-index', data, remedy: newIndex(asked, { leaves: without, like: serving[0] }) };
  },
};
