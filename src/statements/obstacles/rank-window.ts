import type { Node } from 'libpg-query';
import { bareColumnOf, conjunctsOf, copyOf, functionOf, integer, numberOf, operatorOf, selectsIn } from '../nodes.js';
import type { VectorSearch } from '../vector-search.js';
import { setLimit, USUAL_LIMIT } from './change.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** Rows are numbered by a window function over the whole table, and cut by their number. */
export const rankWindow: Obstacle = {
  code: 'rank-window',
  find: ({ search }) => {
    const { select, form, order } = search;
    if (form !== 'rank' || !order) return null;
    const [name, alias, keys] = rankOf(search);
    const bound = boundOf(search, alias);
    // Equal rows share a rank, and further keys decide between them.
    const isNumber = name === 'row_number' && keys === 1;
    select.sortClause = [{ SortBy: copyOf(order) }];
    setLimit(select, bound ?? integer(USUAL_LIMIT));
    return { code: 'rank-window', data: { function: name }, remedy: rewritten(bound !== null && isNumber) };
  },
};

function rankOf({ select, order }: VectorSearch): readonly [name: string, alias: string | null, keys: number] {
  for (const target of select.targetList ?? []) {
    const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
    if (!value || !('FuncCall' in value) || !('ResTarget' in target)) continue;
    const keys = value.FuncCall.over?.orderClause ?? [];
    if (keys.some((key) => 'SortBy' in key && key.SortBy === order)) {
      const name = functionOf(value) ?? '';
      return [name, target.ResTarget.name ?? name, keys.length];
    }
  }
  return ['', null, 0];
}

/** How many rows a condition on their number leaves, as an expression. */
function boundOf({ root, select }: VectorSearch, alias: string | null): Node | null {
  const outer = selectsIn(root).filter((one) => one !== select);
  for (const condition of outer.flatMap(({ whereClause }) => conjunctsOf(whereClause))) {
    if (!('A_Expr' in condition) || bareColumnOf(condition.A_Expr.lexpr)?.column !== alias) continue;
    const { rexpr } = condition.A_Expr;
    const operator = operatorOf(condition);
    const value = numberOf(rexpr);
    if (operator === '<=' && rexpr) return rexpr;
    if (operator === '<' && value !== null) return integer(value - 1);
    if (operator === '=' && value !== null) return integer(value);
  }
  return null;
}
