import { integer, limitOf } from '../nodes.js';
import { nearestFirst, setLimit, USUAL_LIMIT } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** Rows within a distance, in no order: an index gives rows in the order of their distance only. */
export const thresholdOnly: Obstacle = {
  code: 'threshold-only',
  find: ({ search: { form, select, scope, distance } }) => {
    if (form !== 'threshold') return null;
    const found = { code: 'threshold-only' as const, data: {} };
    if (select !== scope || select.sortClause || select.groupClause) return { ...found, remedy: rewritten(null) };
    select.sortClause = [nearestFirst(distance.node)];
    if (!limitOf(select)) setLimit(select, integer(10 * USUAL_LIMIT));
    return { ...found, remedy: rewritten(false) };
  },
};
