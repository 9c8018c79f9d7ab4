import type { Node, SelectStmt } from 'libpg-query';
import {
  and,
  columnsIn,
  conjunctsOf,
  copyOf,
  nodesBeside,
  nodesIn,
  numberOfParameter,
  operatorOf,
  setWhere,
  column,
} from './nodes.js';
import { grammar } from './grammar.js';

/* What a statement compares its parameters with, so that values can be drawn for them. */

/** An expression on columns that a parameter is compared with. */
export interface Comparison {
  readonly expression: Node;
  /** The same as SQL. */
  readonly label: string;
  /** The parameter is the value itself (`=`, `<>`, the first of a list), another of a list, an array of values (`= ANY`), or a bound. */
  readonly as: 'value' | 'further value' | 'array' | 'low' | 'high';
  /** Whether its columns are those of the statement's own FROM, not of a subquery's. */
  readonly isOuter: boolean;
}

const BOUNDS: Readonly<Record<string, Comparison['as']>> = {
  '=': 'value',
  '<>': 'value',
  '>': 'low',
  '>=': 'low',
  '<': 'high',
  '<=': 'high',
};
/** Seen from the other side. */
const TURNED: Readonly<Record<string, string>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };

/** What a parameter is compared with; null: with nothing that has values to draw. */
export function comparisonOf(root: SelectStmt, parameter: number): Comparison | null {
  const outer = new Set(conditionsOf(root).flatMap((condition) => [...nodesBeside(condition)]));
  const all = [...outer, ...[...nodesIn(root)].filter((node) => !outer.has(node))];
  for (const node of all) {
    const found = comparedIn(node, parameter);
    if (found && columnsIn(found.expression).length > 0 && !hasParameter(found.expression)) {
      return { ...found, label: grammar().write(found.expression), isOuter: outer.has(node) };
    }
  }
  return null;
}

function comparedIn(node: Node, parameter: number): Pick<Comparison, 'expression' | 'as'> | null {
  if (!('A_Expr' in node)) return null;
  const { kind, lexpr, rexpr } = node.A_Expr;
  if (!lexpr || !rexpr) return null;
  const is = (side: Node): boolean => numberOfParameter(side) === parameter;
  if (kind === 'AEXPR_BETWEEN' || kind === 'AEXPR_IN') {
    const at = ('List' in rexpr ? (rexpr.List.items ?? []) : []).findIndex(is);
    if (at < 0) return null;
    const as = kind === 'AEXPR_IN' ? (['value', 'further value'] as const) : (['low', 'high'] as const);
    return { expression: lexpr, as: as[Math.min(at, 1)]! };
  }
  const operator = operatorOf(node) ?? '';
  if (kind === 'AEXPR_OP_ANY') return operator === '=' && is(rexpr) ? { expression: lexpr, as: 'array' } : null;
  if (kind !== 'AEXPR_OP' || BOUNDS[operator] === undefined) return null;
  if (is(rexpr)) return { expression: lexpr, as: BOUNDS[operator] };
  return is(lexpr) ? { expression: rexpr, as: BOUNDS[TURNED[operator] ?? operator]! } : null;
}

const hasParameter = (value: unknown): boolean => [...nodesIn(value)].some((node) => 'ParamRef' in node);

const joinsIn = (select: SelectStmt) =>
  [...nodesBeside(select.fromClause)].flatMap((node) => ('JoinExpr' in node ? [node.JoinExpr] : []));

/** WHERE, and those of the joins. */
const conditionsOf = (select: SelectStmt): readonly Node[] =>
  [select.whereClause, ...joinsIn(select).map(({ quals }) => quals)].flatMap((condition) => condition ?? []);

const TRUE: Node = { A_Const: { boolval: { boolval: true } } };

/**
 * The rows that a search finds whatever its parameters are, as far as its own conditions leave parameters out.
 *
 * @param alias of the table whose rows are wanted: columns `leaf` and `place` are its `tableoid` and `ctid`
 * @param expressions columns `c0` …
 * @returns null where there are parameters elsewhere
 */
export function rowsWhateverParameters(root: SelectStmt, alias: string, expressions: readonly Node[]): string | null {
  const { sortClause: _order, limitCount: _limit, limitOption: _option, ...select } = copyOf(root);
  const free = (condition: Node | undefined): readonly Node[] =>
    conjunctsOf(condition).filter((conjunct) => !hasParameter(conjunct));
  setWhere(select, free(select.whereClause));
  for (const join of joinsIn(select)) if (join.quals) join.quals = and(free(join.quals)) ?? TRUE;
  const target = (name: string, val: Node): Node => ({ ResTarget: { name, val } });
  select.targetList = [
    target('leaf', column(alias, 'tableoid')),
    target('place', column(alias, 'ctid')),
    ...expressions.map((expression, i) => target(`c${i}`, copyOf(expression))),
  ];
  return hasParameter(select) ? null : grammar().write({ SelectStmt: select });
}
