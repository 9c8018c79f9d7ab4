import type { SelectStmt } from 'libpg-query';
import type { SearchObstacle } from '../../results/index.js';
import { aggregatesRows } from '../nodes.js';
import { searchFirst } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

type By = Extract<SearchObstacle, { code: 'distinct-rows' }>['data']['by'];

/** All rows are read before the first can be returned, because some of them become one. */
export const distinctRows: Obstacle = {
  code: 'distinct-rows',
  find: ({ search }) => {
    const by = collapseOf(search.select);
    if (!by) return null;
    return { code: 'distinct-rows', data: { by }, remedy: rewritten(searchFirst(search) ? false : null) };
  },
};

/** How a SELECT makes one row of several; null: it does not. */
export function collapseOf(select: SelectStmt): By | null {
  const { distinctClause, groupClause } = select;
  if (groupClause) return 'group-by';
  // DISTINCT alone is a list with one empty item.
  if (distinctClause) return distinctClause.some((node) => Object.keys(node).length > 0) ? 'distinct-on' : 'distinct';
  return aggregatesRows(select) ? 'aggregate' : null;
}
