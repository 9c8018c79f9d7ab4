import type { A_Const, Node, RangeVar, SelectStmt } from 'libpg-query';

/* Small questions to the syntax tree. */

export interface NamedRelation {
  readonly schema: string | null;
  readonly name: string;
  readonly alias: string;
}

export interface ColumnUse {
  /** Alias of its relation; null where the text does not say it. */
  readonly alias: string | null;
  readonly column: string;
}

/** Of pgvector's types. */
export const DISTANCE_OPERATORS = ['<->', '<=>', '<#>', '<+>', '<~>', '<%>'];

/** The strings of a list of nodes: the parts of a qualified name. */
export const strings = (nodes: readonly Node[] | undefined): readonly string[] =>
  (nodes ?? []).flatMap((node) => ('String' in node && node.String.sval !== undefined ? [node.String.sval] : []));

/** `<=>`, without its schema. */
export const operatorOf = (node: Node): string | undefined =>
  'A_Expr' in node ? strings(node.A_Expr.name).at(-1) : undefined;

/** Name of a function that is called, without its schema. */
export const functionOf = (node: Node): string | undefined =>
  'FuncCall' in node ? strings(node.FuncCall.funcname).at(-1) : undefined;

/** Name of the type that a value is cast to, without its schema. */
export const castTypeOf = (node: Node): string | undefined =>
  'TypeCast' in node ? strings(node.TypeCast.typeName?.names).at(-1) : undefined;

export function bareColumnOf(node: Node | undefined): ColumnUse | null {
  if (!node || !('ColumnRef' in node)) return null;
  const names = strings(node.ColumnRef.fields);
  const column = names.at(-1);
  return column === undefined || names.length !== node.ColumnRef.fields?.length
    ? null
    : { alias: names.at(-2) ?? null, column };
}

/** The column that an expression is, casts aside. */
export const columnOf = (node: Node | undefined): ColumnUse | null =>
  node && 'TypeCast' in node ? columnOf(node.TypeCast.arg) : bareColumnOf(node);

export const relationOf = (relation: RangeVar | undefined): readonly NamedRelation[] =>
  relation?.relname === undefined
    ? []
    : [
        {
          schema: relation.schemaname ?? null,
          name: relation.relname,
          alias: relation.alias?.aliasname ?? relation.relname,
        },
      ];

/** Every node below a value of the tree, and itself, parents first. */
export function* nodesIn(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesIn(item);
  else if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value);
    if (keys.length === 1 && /^[A-Z]/.test(keys[0]!)) yield value as Node;
    for (const key of keys) yield* nodesIn((value as Record<string, unknown>)[key]);
  }
}

/** The same without what is in a subquery, which is another SELECT's. */
export function* nodesBeside(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesBeside(item);
  else if (typeof value === 'object' && value !== null && !('SubLink' in value)) {
    const keys = Object.keys(value);
    if (keys.length === 1 && /^[A-Z]/.test(keys[0]!)) yield value as Node;
    for (const key of keys) yield* nodesBeside((value as Record<string, unknown>)[key]);
  }
}

/** The columns that an expression takes from the FROM beside it: those of its subqueries are others'. */
export const columnsIn = (value: unknown): readonly ColumnUse[] =>
  [...nodesBeside(value)].flatMap((node) => bareColumnOf(node) ?? []);

const AGGREGATES = ['count', 'sum', 'avg', 'min', 'max', 'array_agg', 'json_agg', 'jsonb_agg', 'string_agg', 'bool_or'];

/** Whether a SELECT makes one row of several by an aggregate; one over a window keeps all rows. */
export const aggregatesRows = ({ targetList }: SelectStmt): boolean =>
  [...nodesBeside(targetList)].some(
    (node) => 'FuncCall' in node && !node.FuncCall.over && AGGREGATES.includes(functionOf(node) ?? ''),
  );

/** Every SELECT of a statement, outermost first. */
export function selectsIn(root: SelectStmt): readonly SelectStmt[] {
  const below = [...nodesIn(root)].flatMap((node) => ('SelectStmt' in node ? [node.SelectStmt] : []));
  const sides = [root, ...below].flatMap(sidesOf);
  return [...new Set([root, ...below, ...sides])];
}

/** The sides of a set operation are no nodes of their own. */
const sidesOf = ({ larg, rarg }: SelectStmt): readonly SelectStmt[] =>
  [larg, rarg].flatMap((side) => (side ? [side, ...sidesOf(side)] : []));

/** FOR UPDATE and its like, at any depth. */
export const locksRows = (root: SelectStmt): boolean => selectsIn(root).some(({ lockingClause }) => lockingClause);

const WRITES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/** Whether a common table expression writes. */
export const writesRows = (root: SelectStmt): boolean =>
  [...nodesIn(root)].some((node) => WRITES.some((write) => write in node));

/** The SELECT that an item of FROM is in parentheses; null for any other item. */
export const subqueryOf = (item: Node): SelectStmt | null => {
  const subquery = 'RangeSubselect' in item ? item.RangeSubselect.subquery : undefined;
  return subquery && 'SelectStmt' in subquery ? subquery.SelectStmt : null;
};

/** The tree is built of plain values; a change of the copy leaves the original as it is. */
export const copyOf = <T>(value: T): T => structuredClone(value);

/** Puts one node in the place of another, for everybody who holds it. */
export function replace(node: Node, by: Node): void {
  // It may hold the node that it replaces.
  const copy = copyOf(by);
  putInPlace(node, copy);
}

/** The same without a copy, for a node that is held elsewhere. */
export function putInPlace(node: Node, by: Node): void {
  const target: Record<string, unknown> = node;
  for (const key of Object.keys(target)) delete target[key];
  Object.assign(target, by);
}

export const integer = (value: number): Node => ({ A_Const: { ival: { ival: value } } });

export const column = (...names: readonly string[]): Node => ({
  ColumnRef: { fields: names.map((sval) => ({ String: { sval } })) },
});

/** Innermost value below casts. */
export const valueOf = (node: Node): Node =>
  'TypeCast' in node && node.TypeCast.arg ? valueOf(node.TypeCast.arg) : node;

/** Of the parameter that a node is, casts aside. */
export const numberOfParameter = (node: Node | undefined): number | null => {
  const value = node && valueOf(node);
  return value && 'ParamRef' in value ? (value.ParamRef.number ?? null) : null;
};

/** A number that stands in the text; null for anything else. */
export function numberOf(node: Node | undefined): number | null {
  if (!node) return null;
  if ('TypeCast' in node) return numberOf(node.TypeCast.arg);
  if ('A_Expr' in node && operatorOf(node) === '-' && !node.A_Expr.lexpr) {
    const value = numberOf(node.A_Expr.rexpr);
    return value === null ? null : -value;
  }
  if (!('A_Const' in node)) return null;
  const { ival, fval }: A_Const = node.A_Const;
  // The parser leaves a zero out.
  if (ival) return ival.ival ?? 0;
  return fval?.fval === undefined ? null : Number(fval.fval);
}

/** The LIMIT of a SELECT; undefined where it has none. `LIMIT ALL` is none, as is `LIMIT NULL`. */
export const limitOf = ({ limitCount }: SelectStmt): Node | undefined =>
  limitCount && 'A_Const' in limitCount && limitCount.A_Const.isnull === true ? undefined : limitCount;

export const conjunctsOf = (where: Node | undefined): readonly Node[] => {
  if (!where) return [];
  if ('BoolExpr' in where && where.BoolExpr.boolop === 'AND_EXPR')
    return (where.BoolExpr.args ?? []).flatMap(conjunctsOf);
  return [where];
};

export function and(conditions: readonly Node[]): Node | undefined {
  if (conditions.length < 2) return conditions[0];
  return { BoolExpr: { boolop: 'AND_EXPR', args: [...conditions] } };
}

/** Leaves WHERE out where nothing is left of it. */
export function setWhere(select: SelectStmt, conditions: readonly Node[]): void {
  const where = and(conditions);
  if (where) select.whereClause = where;
  else delete select.whereClause;
}
