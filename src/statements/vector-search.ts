import type { Node, RangeVar, SelectStmt, SortBy } from 'libpg-query';
import { PgvtuneError } from '../errors.js';
import type { KnownRelation } from './catalog.js';
import { type Distance, distanceIn } from './distances.js';
import { type Crossing, type Names, namesOf } from './names.js';
import { bareColumnOf, columnsIn, nodesIn, operatorOf, selectsIn } from './nodes.js';

/*
 * The search for the nearest vectors in an application's statement: where it is ordered, by which distance, of which column of
 * which table, and through which subqueries on the way. Everything points into the statement's syntax tree, so that whoever
 * copies the tree and reads the search again can change it there.
 */

export interface VectorSearch {
  readonly root: SelectStmt;
  /** The SELECT whose rows are ordered, limited or ranked by the distance. */
  readonly select: SelectStmt;
  /** How the statement asks for the nearest rows: ORDER BY, a window function, or a bound of the distance alone. */
  readonly form: 'order' | 'rank' | 'threshold';
  /** The sort key with the distance; null for a bound of the distance. */
  readonly order: SortBy | null;
  /** Sort keys before it, and after it. */
  readonly keysBefore: number;
  readonly keysAfter: number;
  /** What the key is, names resolved: it holds the distance. */
  readonly expression: Node;
  readonly distance: Distance;
  /** The SELECT whose FROM the expression's columns come from. */
  readonly scope: SelectStmt;
  /** The side of the distance that the index can be on, and the other. */
  readonly side: Node;
  readonly operand: Node;
  readonly column: string;
  readonly relation: RangeVar;
  /** Subqueries between `select` and the table, outermost first. */
  readonly crossed: readonly Crossing[];
}
/**
 * The one search of a statement.
 *
 * @param relations those of `relationsNamed` that exist
 * @throws {PgvtuneError} `usage` when there is none, several, or one that cannot be told
 */
export function findSearch(root: SelectStmt, relations: readonly KnownRelation[]): VectorSearch {
  const names = namesOf(root, relations);
  const found = selectsIn(root).flatMap((select) => searchesOf(select, names));
  const ordered = found.filter(({ form }) => form !== 'threshold');
  const all = ordered.length > 0 ? ordered : found;
  // An outer query that sorts the rows of a search again is no search of its own.
  const searches = all.filter(
    ({ crossed }) => !crossed.some(({ select }) => all.some((other) => other.select === select)),
  );
  const [search, ...more] = searches;
  if (search && more.length === 0) return { ...search, root };
  if (search) {
    throw new PgvtuneError('usage', `The statement has ${searches.length} searches by a distance.`, {
      hint: 'Give each of them by itself: an index, its settings and its recall belong to one.',
    });
  }
  if (root.op !== undefined && root.op !== 'SETOP_NONE') {
    throw new PgvtuneError(
      'usage',
      'The rows of a UNION, INTERSECT or EXCEPT are sorted as a whole, which no index can do.',
      {
        hint: 'Give each side its own ORDER BY and LIMIT, in parentheses, and ask about one side.',
      },
    );
  }
  throw new PgvtuneError('usage', 'The statement does not order by a distance of a column of vectors.', {
    hint: "A search is written as ORDER BY column <=> $1 LIMIT 10, with the index's own operator.",
  });
}
function searchesOf(select: SelectStmt, names: Names): readonly OrderedSearch[] {
  // A SELECT that is sorted by a distance may number its rows, and bound them, by it as well.
  for (const look of [orderOf, rankOf, thresholdOf]) {
    const found = look(select, names);
    if (found.length > 0) return found;
  }
  return [];
}

type Asked = Pick<VectorSearch, 'select' | 'form' | 'order' | 'keysBefore' | 'keysAfter'>;
type OrderedSearch = Omit<VectorSearch, 'root'>;

function searchBy(node: Node, asked: Asked, { resolve, origin }: Names): readonly OrderedSearch[] {
  const { node: expression, scope, crossed } = resolve(node, asked.select);
  const distance = distanceIn(expression);
  if (!distance) return [];
  const origins = distance.sides.map((side) => {
    return (
      columnsIn(side)
        .map((use) => origin(use, scope))
        .find((found) => found?.isVector) ?? null
    );
  });
  const [left, right] = origins;
  const isRight = right && (!left || right.vectorIndexes > left.vectorIndexes);
  const from = isRight ? right : left;
  if (!from) return [];
  const [side, operand] = isRight ? [distance.sides[1], distance.sides[0]] : distance.sides;
  const { column, relation } = from;
  const all = [...crossed, ...from.crossed];
  return [{ ...asked, expression, distance, scope, side, operand, column, relation, crossed: all }];
}

function orderOf(select: SelectStmt, names: Names): readonly OrderedSearch[] {
  const keys = (select.sortClause ?? []).flatMap((key) => ('SortBy' in key ? [key.SortBy] : []));
  for (const [keysBefore, order] of keys.entries()) {
    const named = order.node && keyOf(order.node, select);
    const keysAfter = keys.length - 1 - keysBefore;
    const found = named ? searchBy(named, { select, form: 'order', order, keysBefore, keysAfter }, names) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** What an output name, or the number of an output column, stands for in ORDER BY. */
function keyOf(node: Node, { targetList = [] }: SelectStmt): Node {
  const targets = targetList.flatMap((target) => ('ResTarget' in target ? [target.ResTarget] : []));
  if ('A_Const' in node && node.A_Const.ival) return targets[(node.A_Const.ival.ival ?? 0) - 1]?.val ?? node;
  const use = bareColumnOf(node);
  if (!use || use.alias !== null) return node;
  return targets.find(({ name }) => name === use.column)?.val ?? node;
}

/** `row_number() OVER (ORDER BY distance)`, over all rows. */
function rankOf(select: SelectStmt, names: Names): readonly OrderedSearch[] {
  for (const target of select.targetList ?? []) {
    const call = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const over = call && 'FuncCall' in call ? call.FuncCall.over : undefined;
    const [key] = over?.orderClause ?? [];
    if (!key || !('SortBy' in key) || !key.SortBy.node || over?.partitionClause) continue;
    const found = searchBy(
      key.SortBy.node,
      { select, form: 'rank', order: key.SortBy, keysBefore: 0, keysAfter: 0 },
      names,
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** `WHERE distance < 0.3`. */
function thresholdOf(select: SelectStmt, names: Names): readonly OrderedSearch[] {
  const where = select.whereClause;
  for (const node of where ? nodesIn(where) : []) {
    const operator = operatorOf(node);
    if (!('A_Expr' in node) || operator === undefined || !['<', '<=', '>', '>='].includes(operator)) continue;
    for (const side of [node.A_Expr.lexpr, node.A_Expr.rexpr]) {
      const found = side
        ? searchBy(side, { select, form: 'threshold', order: null, keysBefore: 0, keysAfter: 0 }, names)
        : [];
      if (found.length > 0) return found;
    }
  }
  return [];
}
