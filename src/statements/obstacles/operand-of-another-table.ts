import type { Node, SelectStmt } from 'libpg-query';
import { grammar } from '../grammar.js';
import { bareColumnOf, columnsIn, conjunctsOf, copyOf, nodesIn, replace, setWhere, strings } from '../nodes.js';
import { aliasOf, itemsOf } from '../names.js';
import type { VectorSearch } from '../vector-search.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The query vector is a column of another table in FROM: an index wants it to be known before it is searched. */
export const operandOfAnotherTable: Obstacle = {
  code: 'operand-of-another-table',
  find: ({ search }) => {
    const { operand } = search;
    if (columnsIn(operand).length === 0) return null;
    const data = { operand: grammar().write(operand) };
    return { code: 'operand-of-another-table', data, remedy: rewritten(toSubquery(search)) };
  },
};

/** `ORDER BY items.v <=> q.v` with `q` in FROM becomes `ORDER BY items.v <=> (SELECT q.v FROM q WHERE …)`. */
function toSubquery({ scope, operand, relation, select }: VectorSearch): boolean | null {
  const items = itemsOf(scope);
  const uses = columnsIn(operand);
  const [first] = uses;
  const own = items.find((item) => 'RangeVar' in item && item.RangeVar === relation);
  const other = items.find((item) => item !== own && (first?.alias === null || aliasOf(item) === first?.alias));
  const alias = other && aliasOf(other);
  if (!other || !alias || items.length !== 2 || uses.some((use) => use.alias !== null && use.alias !== alias))
    return null;
  const fromJoins = joinConditions(scope);
  if (fromJoins === null) return null;
  const conditions = [...conjunctsOf(scope.whereClause), ...fromJoins];
  const isOfOther = (node: Node): boolean => {
    const columns = [...nodesIn(node)].flatMap((inner) => bareColumnOf(inner) ?? []);
    return columns.length > 0 && columns.every((use) => use.alias === alias);
  };
  const mentions = (node: unknown): boolean => [...nodesIn(node)].some((inner) => bareColumnOf(inner)?.alias === alias);
  const inner = conditions.filter(isOfOther);
  const rest = conditions.filter((condition) => !inner.includes(condition));
  const subselect: SelectStmt = {
    targetList: [{ ResTarget: { val: copyOf(operand) } }],
    fromClause: [copyOf(other)],
    limitOption: 'LIMIT_OPTION_DEFAULT',
    op: 'SETOP_NONE',
  };
  setWhere(subselect, inner.map(copyOf));
  replace(operand, { SubLink: { subLinkType: 'EXPR_SUBLINK', subselect: { SelectStmt: subselect } } });
  const later = (select.sortClause ?? []).slice(1);
  const targets = (scope.targetList ?? []).filter((target) => ![...nodesIn(target)].includes(operand));
  const isStar = (node: Node): boolean => {
    const fields = 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : [];
    return fields.some((field) => 'A_Star' in field) && (fields.length === 1 || strings(fields).at(-1) === alias);
  };
  if (mentions(rest) || mentions(targets) || mentions(later) || [...nodesIn(targets)].some(isStar)) return null;
  scope.fromClause = [own!];
  setWhere(scope, rest);
  // A join repeats the answer for each row of the other table, and has none without one.
  return false;
}

/** Conditions of inner joins; null where there is another kind. */
function joinConditions({ fromClause = [] }: SelectStmt): readonly Node[] | null {
  const joins = [...nodesIn(fromClause)].flatMap((node) => ('JoinExpr' in node ? [node.JoinExpr] : []));
  if (joins.some(({ jointype, usingClause }) => (jointype ?? 'JOIN_INNER') !== 'JOIN_INNER' || usingClause))
    return null;
  return joins.flatMap(({ quals }) => conjunctsOf(quals)).filter((node) => !isTrue(node));
}

const isTrue = (node: Node): boolean => 'A_Const' in node && node.A_Const.boolval?.boolval === true;
