import type { Node, SelectStmt } from 'libpg-query';
import {
  bareColumnOf,
  columnsIn,
  conjunctsOf,
  copyOf,
  integer,
  nodesIn,
  numberOf,
  putInPlace,
  setWhere,
} from '../nodes.js';
import { aliasOf, itemsOf, type VectorSearch } from '../vector-search.js';

/* Changes of a statement that several obstacles are mended by. Each returns false where the statement is not of that form. */

/** Rows that are asked for where the statement does not say it. */
export const USUAL_LIMIT = 10;
/** How many times its LIMIT a search fetches before its rows are sorted by something else. */
const CANDIDATES = 10;

const nearestFirst = (distance: Node): Node => ({
  SortBy: { node: copyOf(distance), sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' },
});

export const setLimit = (select: SelectStmt, limit: Node): void => {
  select.limitCount = copyOf(limit);
  select.limitOption = 'LIMIT_OPTION_COUNT';
};

/** Sorts by the bare distance, nearest first; where it is computed in a subquery, there. Null: neither can be done. */
export function orderByDistance({ select, scope, order, distance }: VectorSearch): boolean | null {
  if (!order) return null;
  if (scope === select) {
    order.node = copyOf(distance.node);
    order.sortby_dir = 'SORTBY_DEFAULT';
    order.sortby_nulls = 'SORTBY_NULLS_DEFAULT';
    return true;
  }
  const isOnly = itemsOf(select).length === 1 && !select.groupClause && !select.distinctClause;
  if (!isOnly || !select.limitCount || scope.sortClause || scope.limitCount || scope.distinctClause) return null;
  scope.sortClause = [nearestFirst(distance.node)];
  setLimit(scope, select.limitCount);
  return select.whereClause === undefined;
}

/** Whether an expression takes columns from a relation and from nothing else. */
function isAbout(node: Node, alias: string, isAlone: boolean): boolean {
  const inner = [...nodesIn(node)];
  if (inner.some((one) => 'SubLink' in one)) return false;
  const uses = inner.flatMap((one) => bareColumnOf(one) ?? []);
  return uses.length > 0 && uses.every((use) => use.alias === alias || (use.alias === null && isAlone));
}

/**
 * Fetches candidates by the distance first, and leaves the rest of the statement as it is:
 * `FROM (SELECT * FROM items WHERE … ORDER BY distance LIMIT n) AS items`.
 *
 * @param options.times candidates for each row that is asked for
 */
export function searchFirst(
  { select, scope, relation, distance, operand }: VectorSearch,
  { times = CANDIDATES }: { readonly times?: number } = {},
): boolean {
  const items = itemsOf(scope);
  const item = items.find((one) => 'RangeVar' in one && one.RangeVar === relation);
  const alias = item && aliasOf(item);
  if (!item || !alias) return false;
  const isAlone = items.length === 1;
  if (columnsIn(operand).length > 0) return false;
  const limit = select.limitCount === undefined ? USUAL_LIMIT : numberOf(select.limitCount);
  const count: Node | undefined =
    limit === null
      ? select.limitCount && {
          A_Expr: {
            kind: 'AEXPR_OP',
            name: [{ String: { sval: '*' } }],
            lexpr: copyOf(select.limitCount),
            rexpr: integer(times),
          },
        }
      : integer(limit * times);
  if (!count) return false;
  const conditions = conjunctsOf(scope.whereClause);
  const own = conditions.filter((condition) => isAbout(condition, alias, isAlone));
  const inner: SelectStmt = {
    targetList: [{ ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }],
    fromClause: [copyOf(item)],
    sortClause: [nearestFirst(distance.node)],
    limitOption: 'LIMIT_OPTION_COUNT',
    limitCount: times === 1 && select.limitCount ? copyOf(select.limitCount) : count,
    op: 'SETOP_NONE',
  };
  setWhere(inner, own.map(copyOf));
  setWhere(
    scope,
    conditions.filter((condition) => !own.includes(condition)),
  );
  const subquery: Node = { RangeSubselect: { subquery: { SelectStmt: inner }, alias: { aliasname: alias } } };
  putInPlace(item, subquery);
  return true;
}

/** Sorts by the distance alone. */
export function withoutFurtherKeys({ select, keysBefore }: VectorSearch): void {
  select.sortClause = (select.sortClause ?? []).slice(0, keysBefore + 1);
}
