import type { JoinType, Node, SelectStmt } from 'libpg-query';
import { boundsDistance } from './distances.js';
import { itemsOf } from './names.js';
import { bareColumnOf, columnOf, conjunctsOf, nodesIn, subqueryOf } from './nodes.js';
import type { VectorSearch } from './vector-search.js';

/* Which rows of its table a search can return: what joins and conditions drop, and what has no distance. */

interface JoinSide {
  readonly type: JoinType;
  readonly isLeft: boolean;
}

/** The joins between a search and its table, outermost first, and the side of each that the table is on; null: not known. */
function joinsTo({ scope, relation, crossed }: VectorSearch): readonly JoinSide[] | null {
  const within = (node: Node): readonly JoinSide[] | null => {
    if ('JoinExpr' in node) {
      const { jointype: type = 'JOIN_INNER', larg, rarg } = node.JoinExpr;
      for (const [side, isLeft] of [[larg, true] as const, [rarg, false] as const]) {
        const inner = side && within(side);
        if (inner) return [{ type, isLeft }, ...inner];
      }
      return null;
    }
    if ('RangeVar' in node && node.RangeVar === relation) return [];
    const crossing = crossed.find(({ select, cte }) =>
      'RangeVar' in node ? cte !== null && cte.ctename === node.RangeVar.relname : subqueryOf(node) === select,
    );
    return crossing ? fromOf(crossing.select) : null;
  };
  const fromOf = ({ fromClause = [] }: SelectStmt): readonly JoinSide[] | null => {
    const [sides] = fromClause.flatMap((item) => {
      const inner = within(item);
      return inner ? [inner] : [];
    });
    return sides && fromClause.length > 1 ? [{ type: 'JOIN_INNER', isLeft: true }, ...sides] : (sides ?? null);
  };
  return fromOf(scope);
}

/** Whether no join, and no subquery that is planned as one, drops a row of the searched table. */
export const joinsKeepRows = (search: VectorSearch): boolean =>
  (joinsTo(search)?.every(
    ({ type, isLeft }) => type === 'JOIN_FULL' || type === (isLeft ? 'JOIN_LEFT' : 'JOIN_RIGHT'),
  ) ??
    false) &&
  // So are EXISTS and IN.
  !conditionsOf(search).some((condition) =>
    [...nodesIn(condition)].some(
      (node) => 'SubLink' in node && ['EXISTS_SUBLINK', 'ANY_SUBLINK'].includes(node.SubLink.subLinkType ?? ''),
    ),
  );

/** Every condition between a search and its table. */
const conditionsOf = ({ select, scope, crossed }: VectorSearch): readonly Node[] =>
  [...new Set([select, scope, ...crossed.map((crossing) => crossing.select)])].flatMap(({ whereClause }) =>
    conjunctsOf(whereClause),
  );

/** Whether a row may come without a distance: the column holds nulls, or a join fills them in. */
export function mayLackDistance(search: VectorSearch, column: { readonly isNotNull: boolean }): boolean {
  const { scope, side, distance } = search;
  const own = columnOf(side);
  const drops = conjunctsOf(scope.whereClause).some(
    (condition) => boundsDistance(condition, distance) || wantsVector(search, condition),
  );
  if (own === null || drops) return !drops;
  const isFilled =
    joinsTo(search)?.some(
      ({ type, isLeft }) => type === 'JOIN_FULL' || type === (isLeft ? 'JOIN_RIGHT' : 'JOIN_LEFT'),
    ) ?? true;
  return isFilled || !column.isNotNull;
}

/** Whether a condition says no more than that a row has a vector. */
function wantsVector({ scope, side }: VectorSearch, condition: Node): boolean {
  if (!('NullTest' in condition) || condition.NullTest.nulltesttype !== 'IS_NOT_NULL') return false;
  const [own, use] = [columnOf(side), bareColumnOf(condition.NullTest.arg)];
  return use?.column === own?.column && (use?.alias === own?.alias || itemsOf(scope).length === 1);
}

/** Whether no condition of a search drops any but the farthest rows; those without a vector are in no index. */
export function dropsOnlyFarthest(search: VectorSearch): boolean {
  const { select, scope, distance } = search;
  const names = new Map(
    (scope.targetList ?? []).flatMap((target) =>
      'ResTarget' in target && target.ResTarget.name !== undefined && target.ResTarget.val
        ? [[target.ResTarget.name, target.ResTarget.val] as const]
        : [],
    ),
  );
  const written = (node: Node | undefined): Node | undefined =>
    names.get((select === scope ? null : bareColumnOf(node)?.column) ?? '') ?? node;
  return conditionsOf(search).every((condition) => {
    if (wantsVector(search, condition)) return true;
    if (!('A_Expr' in condition)) return false;
    const { lexpr, rexpr, ...rest } = condition.A_Expr;
    const [left, right] = [written(lexpr), written(rexpr)];
    const named = { A_Expr: { ...rest, ...(left && { lexpr: left }), ...(right && { rexpr: right }) } };
    return boundsDistance(named, distance);
  });
}
