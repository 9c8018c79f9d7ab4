import type { SelectStmt } from 'libpg-query';
import { integer, limitOf, selectsIn, subqueryOf } from '../nodes.js';
import { itemsOf } from '../names.js';
import type { VectorSearch } from '../vector-search.js';
import { rowsOf, setLimit, USUAL_LIMIT } from './change.js';
import { collapseOf } from './distinct-rows.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** Every row is asked for: sorting all of them once costs less than fetching them one by one through an index. */
export const noLimit: Obstacle = {
  code: 'no-limit',
  find: ({ search }) => {
    const { select, form } = search;
    if (form !== 'order' || limitOf(select)) return null;
    const around = limitingSelect(search);
    setLimit(select, (around !== select && rowsOf(around)) || integer(USUAL_LIMIT));
    return { code: 'no-limit', data: {}, remedy: rewritten(around !== select) };
  },
};

/** The SELECT whose LIMIT counts for a search: its own, or one around it that does nothing else with its rows. */
export function limitingSelect({ root, select }: VectorSearch): SelectStmt {
  if (limitOf(select)) return select;
  const around = selectsIn(root).find((one) => {
    const [item, ...others] = itemsOf(one);
    const isOfSearch = item !== undefined && subqueryOf(item) === select;
    return isOfSearch && others.length === 0 && !one.whereClause && !collapseOf(one) && !one.sortClause;
  });
  return around && limitOf(around) ? around : select;
}
