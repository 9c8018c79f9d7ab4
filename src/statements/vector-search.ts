import type { CommonTableExpr, JoinType, Node, RangeVar, SelectStmt, SortBy } from 'libpg-query';
import { PgvtuneError } from '../errors.js';
import type { KnownRelation } from './catalog.js';
import { boundsDistance, type Distance, distanceIn } from './distances.js';
import { grammar, syntaxErrorOf } from './grammar.js';
import {
  bareColumnOf,
  columnOf,
  columnsIn,
  type ColumnUse,
  conjunctsOf,
  type NamedRelation,
  nodesIn,
  operatorOf,
  relationOf,
} from './nodes.js';

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

/** A subquery, or a common table expression, that the table is read through. */
export interface Crossing {
  readonly select: SelectStmt;
  readonly cte: CommonTableExpr | null;
}

/** The syntax tree of the one SELECT that a text is. @throws {PgvtuneError} `usage` for everything else */
export function readSelect(sql: string): SelectStmt {
  const refuse = (message: string, hint: string): PgvtuneError => new PgvtuneError('usage', message, { hint });
  let statements: readonly (Node | undefined)[] = [];
  try {
    // The parser refuses a text with nothing in it.
    if (sql.trim() !== '') statements = (grammar().parse(sql).stmts ?? []).map(({ stmt }) => stmt);
  } catch (error) {
    const syntax = syntaxErrorOf(error);
    if (!syntax) throw error;
    throw refuse(
      `The statement cannot be parsed: ${syntax.message} at character ${syntax.at + 1}.`,
      'Write parameters as $1, $2, … and leave out commands of psql.',
    );
  }
  const [statement, ...others] = statements;
  if (!statement) throw refuse('There is no statement.', 'Give one SELECT.');
  if (others.length > 0) throw refuse(`Expected one statement, got ${statements.length}.`, 'Give one SELECT.');
  if ('DeclareCursorStmt' in statement) {
    throw refuse(
      'A cursor is planned for a part of its rows (cursor_tuple_fraction), not for its LIMIT.',
      'Give its SELECT, with the LIMIT of what is fetched.',
    );
  }
  if (!('SelectStmt' in statement)) {
    throw refuse(
      `Expected a SELECT, got ${Object.keys(statement)[0]!.replace(/Stmt$/, '')}.`,
      'Give the SELECT that searches.',
    );
  }
  const locks = statement.SelectStmt.intoClause;
  if (locks) throw refuse('SELECT INTO writes a table.', 'Give the SELECT without INTO.');
  if (selectsIn(statement.SelectStmt).some(({ limitOption }) => limitOption === 'LIMIT_OPTION_WITH_TIES')) {
    throw refuse('WITH TIES asks for more rows than its number says.', 'Write FETCH FIRST … ROWS ONLY, or LIMIT.');
  }
  return statement.SelectStmt;
}

/** Relations of a statement that are no common table expressions: whose columns its reader has to know. */
export function relationsNamed(root: SelectStmt): readonly { readonly schema: string | null; readonly name: string }[] {
  const nodes = [...nodesIn(root)];
  const named = new Set(nodes.flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr.ctename] : [])));
  const found = nodes.flatMap((node) =>
    'RangeVar' in node && node.RangeVar.relname !== undefined
      ? [{ schema: node.RangeVar.schemaname ?? null, name: node.RangeVar.relname }]
      : [],
  );
  const outer = found.filter(({ schema, name }) => schema !== null || !named.has(name));
  return outer.filter(
    (one, i) => outer.findIndex((other) => other.schema === one.schema && other.name === one.name) === i,
  );
}

/** The relations that a statement calls by a name. */
export const relationsCalled = (root: SelectStmt, alias: string): readonly NamedRelation[] =>
  [...nodesIn(root)]
    .flatMap((node) => ('RangeVar' in node ? relationOf(node.RangeVar) : []))
    .filter((one) => one.alias === alias);

/**
 * The one search of a statement.
 *
 * @param relations those of {@link relationsNamed} that exist
 * @throws {PgvtuneError} `usage` when there is none, several, or one that cannot be told
 */
export function findSearch(root: SelectStmt, relations: readonly KnownRelation[]): VectorSearch {
  const reader = readerOf(root, relations);
  const found = selectsIn(root).flatMap((select) => searchesOf(select, reader));
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

/** Every SELECT of a statement, outermost first. */
function selectsIn(root: SelectStmt): readonly SelectStmt[] {
  const below = [...nodesIn(root)].flatMap((node) => ('SelectStmt' in node ? [node.SelectStmt] : []));
  const sides = [root, ...below].flatMap(sidesOf);
  return [...new Set([root, ...below, ...sides])];
}

/** The sides of a set operation are no nodes of their own. */
const sidesOf = ({ larg, rarg }: SelectStmt): readonly SelectStmt[] =>
  [larg, rarg].flatMap((side) => (side ? [side, ...sidesOf(side)] : []));

interface Reader {
  /** What an expression of a SELECT is, after the names of subqueries' columns. */
  readonly resolve: (node: Node, scope: SelectStmt) => Resolved;
  /** The table that a column of a SELECT comes from. */
  readonly origin: (use: ColumnUse, scope: SelectStmt) => Origin | null;
}

interface Resolved {
  readonly node: Node;
  readonly scope: SelectStmt;
  readonly crossed: readonly Crossing[];
}

interface Origin {
  readonly relation: RangeVar;
  readonly column: string;
  readonly isVector: boolean;
  readonly vectorIndexes: number;
  readonly crossed: readonly Crossing[];
}

function readerOf(root: SelectStmt, relations: readonly KnownRelation[]): Reader {
  const ctes = [...nodesIn(root)].flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []));
  const crossingOf = (item: Node): Crossing | null => {
    if ('RangeSubselect' in item) {
      const { subquery } = item.RangeSubselect;
      return subquery && 'SelectStmt' in subquery ? { select: subquery.SelectStmt, cte: null } : null;
    }
    if (!('RangeVar' in item) || item.RangeVar.schemaname !== undefined) return null;
    const cte = ctes.find(({ ctename }) => ctename === item.RangeVar.relname);
    return cte?.ctequery && 'SelectStmt' in cte.ctequery ? { select: cte.ctequery.SelectStmt, cte } : null;
  };
  const outputOf = ({ targetList = [] }: SelectStmt, name: string): Node | 'star' | null => {
    for (const target of targetList) {
      if (!('ResTarget' in target)) continue;
      const { name: own, val } = target.ResTarget;
      if (val && (own ?? bareColumnOf(val)?.column) === name) return val;
    }
    return targetList.some(
      (target) =>
        'ResTarget' in target &&
        target.ResTarget.val &&
        'ColumnRef' in target.ResTarget.val &&
        target.ResTarget.val.ColumnRef.fields?.some((field) => 'A_Star' in field),
    )
      ? 'star'
      : null;
  };
  const known = ({ schemaname, relname }: RangeVar): KnownRelation | undefined =>
    relations.find(({ schema, name }) => schema === (schemaname ?? null) && name === relname);

  const resolve = (node: Node, scope: SelectStmt): Resolved => {
    const use = bareColumnOf(node);
    if (!use) return { node, scope, crossed: [] };
    for (const item of itemsOf(scope)) {
      if (use.alias !== null && aliasOf(item) !== use.alias) continue;
      const crossing = crossingOf(item);
      const output = crossing && outputOf(crossing.select, use.column);
      if (!crossing || output === null) continue;
      const inner = resolve(
        output === 'star' ? { ColumnRef: { fields: [{ String: { sval: use.column } }] } } : output,
        crossing.select,
      );
      const isOfTable = output === 'star' && inner.crossed.length === 0;
      // Of a star, only what a deeper subquery computes.
      if (isOfTable) continue;
      return { ...inner, crossed: [crossing, ...inner.crossed] };
    }
    return { node, scope, crossed: [] };
  };

  const origin = ({ alias, column }: ColumnUse, scope: SelectStmt): Origin | null => {
    for (const item of itemsOf(scope)) {
      if (alias !== null && aliasOf(item) !== alias) continue;
      const crossing = crossingOf(item);
      if (crossing) {
        const output = outputOf(crossing.select, column);
        const use = output === 'star' ? { alias: null, column } : output && bareColumnOf(output);
        const inner = use && origin(use, crossing.select);
        if (inner) return { ...inner, crossed: [crossing, ...inner.crossed] };
      } else if ('RangeVar' in item) {
        const found = known(item.RangeVar)?.columns.find(({ name }) => name === column);
        if (found) {
          const { type, vectorIndexes } = found;
          return { relation: item.RangeVar, column, isVector: VECTORS.includes(type), vectorIndexes, crossed: [] };
        }
      }
    }
    return null;
  };
  return { resolve, origin };
}

const VECTORS = ['vector', 'halfvec', 'sparsevec', 'bit', '_float4', '_float8'];

/** What a SELECT takes rows from, joins taken apart. */
export function itemsOf({ fromClause = [] }: SelectStmt): readonly Node[] {
  const apart = (node: Node): readonly Node[] =>
    'JoinExpr' in node ? [node.JoinExpr.larg, node.JoinExpr.rarg].flatMap((side) => (side ? apart(side) : [])) : [node];
  return fromClause.flatMap(apart);
}

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
      'RangeSubselect' in node
        ? node.RangeSubselect.subquery &&
          'SelectStmt' in node.RangeSubselect.subquery &&
          node.RangeSubselect.subquery.SelectStmt === select
        : 'RangeVar' in node && cte !== null && cte.ctename === node.RangeVar.relname,
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

/** Whether every row of the searched table stays, whatever it is joined with, and looked for in. */
export const joinsKeepRows = (search: VectorSearch): boolean =>
  (joinsTo(search)?.every(
    ({ type, isLeft }) => type === 'JOIN_FULL' || type === (isLeft ? 'JOIN_LEFT' : 'JOIN_RIGHT'),
  ) ??
    false) &&
  // EXISTS and IN are planned as joins.
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
  const drops = conjunctsOf(scope.whereClause).some((condition) => {
    if (boundsDistance(condition, distance)) return true;
    if (!('NullTest' in condition) || condition.NullTest.nulltesttype !== 'IS_NOT_NULL') return false;
    const use = bareColumnOf(condition.NullTest.arg);
    return use?.column === own?.column && (use?.alias === own?.alias || itemsOf(scope).length === 1);
  });
  if (own === null || drops) return !drops;
  const isFilled =
    joinsTo(search)?.some(
      ({ type, isLeft }) => type === 'JOIN_FULL' || type === (isLeft ? 'JOIN_RIGHT' : 'JOIN_LEFT'),
    ) ?? true;
  return isFilled || !column.isNotNull;
}

/** Whether no condition of a search drops any but the farthest rows. */
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
    if (!('A_Expr' in condition)) return false;
    const { lexpr, rexpr, ...rest } = condition.A_Expr;
    const [left, right] = [written(lexpr), written(rexpr)];
    const named = { A_Expr: { ...rest, ...(left && { lexpr: left }), ...(right && { rexpr: right }) } };
    return boundsDistance(named, distance);
  });
}

export function aliasOf(item: Node): string | null {
  if ('RangeVar' in item) return item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? null;
  if ('RangeSubselect' in item) return item.RangeSubselect.alias?.aliasname ?? null;
  return null;
}

function searchesOf(select: SelectStmt, reader: Reader): readonly OrderedSearch[] {
  // A SELECT that is sorted by a distance may number its rows, and bound them, by it as well.
  for (const look of [orderOf, rankOf, thresholdOf]) {
    const found = look(select, reader);
    if (found.length > 0) return found;
  }
  return [];
}

type Asked = Pick<VectorSearch, 'select' | 'form' | 'order' | 'keysBefore' | 'keysAfter'>;
type OrderedSearch = Omit<VectorSearch, 'root'>;

function searchBy(node: Node, asked: Asked, { resolve, origin }: Reader): readonly OrderedSearch[] {
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

function orderOf(select: SelectStmt, reader: Reader): readonly OrderedSearch[] {
  const keys = (select.sortClause ?? []).flatMap((key) => ('SortBy' in key ? [key.SortBy] : []));
  for (const [keysBefore, order] of keys.entries()) {
    const named = order.node && keyOf(order.node, select);
    const keysAfter = keys.length - 1 - keysBefore;
    const found = named ? searchBy(named, { select, form: 'order', order, keysBefore, keysAfter }, reader) : [];
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
function rankOf(select: SelectStmt, reader: Reader): readonly OrderedSearch[] {
  for (const target of select.targetList ?? []) {
    const call = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const over = call && 'FuncCall' in call ? call.FuncCall.over : undefined;
    const [key] = over?.orderClause ?? [];
    if (!key || !('SortBy' in key) || !key.SortBy.node || over?.partitionClause) continue;
    const found = searchBy(
      key.SortBy.node,
      { select, form: 'rank', order: key.SortBy, keysBefore: 0, keysAfter: 0 },
      reader,
    );
    if (found.length > 0) return found;
  }
  return [];
}

/** `WHERE distance < 0.3`. */
function thresholdOf(select: SelectStmt, reader: Reader): readonly OrderedSearch[] {
  const where = select.whereClause;
  for (const node of where ? nodesIn(where) : []) {
    const operator = operatorOf(node);
    if (!('A_Expr' in node) || operator === undefined || !['<', '<=', '>', '>='].includes(operator)) continue;
    for (const side of [node.A_Expr.lexpr, node.A_Expr.rexpr]) {
      const found = side
        ? searchBy(side, { select, form: 'threshold', order: null, keysBefore: 0, keysAfter: 0 }, reader)
        : [];
      if (found.length > 0) return found;
    }
  }
  return [];
}
