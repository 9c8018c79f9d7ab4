import { functionOf, limitOf } from '../nodes.js';
import type { CauseFinder } from './cause.js';

/** ORDER BY random(): every row is read and sorted to take a few. */
export const randomOrder: CauseFinder = {
  code: 'random-order',
  find: (select) => {
    const [first] = select.sortClause ?? [];
    const node = first && 'SortBy' in first ? first.SortBy.node : undefined;
    const isRandom = node && ['random', 'gen_random_uuid'].includes(functionOf(node) ?? '');
    return isRandom ? [{ code: 'random-order', data: { limited: limitOf(select) !== undefined } }] : [];
  },
};
