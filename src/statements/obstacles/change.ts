import type { Node, SelectStmt } from 'libpg-query';
import {
  bareColumnOf,
  columnsIn,
  conjunctsOf,
  copyOf,
  integer,
  limitOf,
  nodesIn,
  numberOf,
  putInPlace,
  setWhere,
} from '../nodes.js';
import { aliasOf, itemsOf } from '../names.js';
import type { VectorSearch } from '../vector-search.js';

/* Changes of a statement that several obstacles are mended by. */

/** Rows that are asked for where the statement does not say it. */
export const USUAL_LIMIT = 10;
/** How many times its LIMIT a search fetches before its rows are sorted by something else. */
const CANDIDATES = 10;

export const nearestFirst = (distance: Node): Node => ({
  SortBy: { node: copyOf(distance), sortby_dir: 'SORTBY_DEFAULT', sortby_nulls: 'SORTBY_NULLS_DEFAULT' },
});

export const setLimit = (select: SelectStmt, limit: Node): void => {
  select.limitCount = copyOf(limit);
  select.limitOption = 'LIMIT_OPTION_COUNT';
};

/** The rows that a SELECT goes through, as an expression: its LIMIT and its OFFSET; undefined: all. */
export function rowsOf(select: SelectStmt): Node | undefined {
  const { limitOffset } = select;
  const limitCount = limitOf(select);
  if (!limitCount || !limitOffset) return limitCount && copyOf(limitCount);
  const [limit, offset] = [numberOf(limitCount), numberOf(limitOffset)];
  return limit !== null && offset !== null ? integer(limit + offset) : computed('+', limitCount, limitOffset);
}

const computed = (operator: string, left: Node, right: Node): Node => ({
  A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: operator } }], lexpr: copyOf(left), rexpr: copyOf(right) },
});

/**
 * Sorts by the bare distance, nearest first; where it is computed in a subquery, there.
 *
 * @returns whether only the order of rows without a distance, and of equal ones, can differ; null: it could not be done
 */
export function orderByDistance({
  select,
  scope,
  order,
  distance,
  keysBefore,
  keysAfter,
}: VectorSearch): boolean | null {
  if (!order) return null;
  if (scope === select) {
    order.node = copyOf(distance.node);
    order.sortby_dir = 'SORTBY_DEFAULT';
    order.sortby_nulls = 'SORTBY_NULLS_DEFAULT';
    return true;
  }
  const isOnly = itemsOf(select).length === 1 && !select.groupClause && !select.distinctClause;
  const rows = rowsOf(select);
  if (!isOnly || !rows || keysBefore > 0) return null;
  if (scope.sortClause || scope.limitCount || scope.distinctClause) return null;
  scope.sortClause = [nearestFirst(distance.node)];
  setLimit(scope, rows);
  return select.whereClause === undefined && keysAfter === 0;
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
  const rows = rowsOf(select) ?? integer(USUAL_LIMIT);
  const fixed = numberOf(rows);
  const many = fixed === null ? computed('*', rows, integer(times)) : integer(fixed * times);
  const conditions = conjunctsOf(scope.whereClause);
  const own = conditions.filter((condition) => isAbout(condition, alias, isAlone));
  const inner: SelectStmt = {
    targetList: [{ ResTarget: { val: { ColumnRef: { fields: [{ A_Star: {} }] } } } }],
    fromClause: [copyOf(item)],
    sortClause: [nearestFirst(distance.node)],
    limitOption: 'LIMIT_OPTION_COUNT',
    limitCount: times === 1 ? rows : many,
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
