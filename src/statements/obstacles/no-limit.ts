import type { Node } from 'libpg-query';
import { integer, nodesIn } from '../nodes.js';
import { itemsOf, type VectorSearch } from '../vector-search.js';
import { rowsOf, setLimit, USUAL_LIMIT } from './change.js';
import { collapseOf } from './distinct-rows.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** Every row is asked for: sorting all of them once costs less than fetching them one by one through an index. */
export const noLimit: Obstacle = {
  code: 'no-limit',
  find: ({ search }) => {
    const { select, form } = search;
    const { limitCount } = select;
    const isNull = limitCount && 'A_Const' in limitCount && limitCount.A_Const.isnull === true;
    if (form !== 'order' || (limitCount && !isNull)) return null;
    const outer = limitAround(search);
    setLimit(select, outer ?? integer(USUAL_LIMIT));
    return { code: 'no-limit', data: {}, remedy: rewritten(outer !== null) };
  },
};

/** The rows that a SELECT takes of the search, and does nothing else with. */
function limitAround({ root, select }: VectorSearch): Node | null {
  const all = [root, ...[...nodesIn(root)].flatMap((node) => ('SelectStmt' in node ? [node.SelectStmt] : []))];
  const around = all.find((one) => {
    const [item, ...others] = itemsOf(one);
    const isOfSearch =
      item && 'RangeSubselect' in item && item.RangeSubselect.subquery && 'SelectStmt' in item.RangeSubselect.subquery
        ? item.RangeSubselect.subquery.SelectStmt === select
        : false;
    return isOfSearch && others.length === 0 && !one.whereClause && !collapseOf(one) && !one.sortClause;
  });
  return (around && rowsOf(around)) ?? null;
}
