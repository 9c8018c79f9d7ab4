import { searchFirst } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The distance only decides among rows that are equal by something else. */
export const sortedByOtherFirst: Obstacle = {
  code: 'sorted-by-other-first',
  find: ({ search }) => {
    const { keysBefore } = search;
    if (keysBefore === 0) return null;
    return {
      code: 'sorted-by-other-first',
      data: { keys: keysBefore },
      remedy: rewritten(searchFirst(search) ? false : null),
    };
  },
};
