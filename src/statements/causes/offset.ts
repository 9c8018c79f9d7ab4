import { numberOf } from '../nodes.js';
import type { CauseFinder } from './cause.js';

const MANY_ROWS = 1000;

/** Pages by OFFSET: each reads all those before it. */
export const offset: CauseFinder = {
  code: 'offset',
  find: ({ limitOffset }) => {
    const rows = numberOf(limitOffset);
    const isLarge = limitOffset !== undefined && (rows === null || rows >= MANY_ROWS);
    return isLarge ? [{ code: 'offset', data: { rows } }] : [];
  },
};
