import type { Node, SelectStmt } from 'libpg-query';
import {
  bareColumnOf,
  copyOf,
  functionOf,
  integer,
  nodesIn,
  numberOf,
  numberOfParameter,
  operatorOf,
  putInPlace,
  selectsIn,
} from '../nodes.js';
import type { KeyedTable, ParameterValue, Rewrite } from './rewrite.js';
import { columnIn, hasValue, isPlain, sourcesOf } from './sources.js';

/** All rows are counted to learn whether there is one: `count(*) > 0`. */
export const exists: Rewrite = {
  code: 'exists',
  apply: (root, tables) => {
    const where: ParameterValue[] = [];
    let changed = false;
    const rewrite = (comparison: Node, counted: (side: Node) => SelectStmt | null): Node | null => {
      const found = existenceIn(comparison, counted);
      if (!found) return null;
      if (found.where) where.push(found.where);
      changed = true;
      const sublink: Node = {
        SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: rowsOf(found.select) } },
      };
      return found.isNegated ? { BoolExpr: { boolop: 'NOT_EXPR', args: [sublink] } } : sublink;
    };
    for (const select of selectsIn(root)) {
      const [target, ...others] = select.targetList ?? [];
      if (!target || !('ResTarget' in target) || others.length > 0 || !isCountable(select)) continue;
      const { name, val } = target.ResTarget;
      const instead = val && rewrite(val, (side) => (isCount(side, select, tables) ? select : null));
      if (!instead) continue;
      select.targetList = [{ ResTarget: { name: name ?? '?column?', val: instead } }];
      delete select.fromClause;
      delete select.whereClause;
    }
    for (const node of nodesIn(root)) {
      const instead = rewrite(node, (side) => countedBy(side, tables));
      if (instead) putInPlace(node, instead);
    }
    return changed ? { code: 'exists', data: { where } } : null;
  },
};

/** Numbers that make an existence of a comparison of a count, and whether of rows or of none. */
const COMPARISONS: Readonly<Record<string, { readonly value: number; readonly isNegated: boolean }>> = {
  '>': { value: 0, isNegated: false },
  '>=': { value: 1, isNegated: false },
  '<>': { value: 0, isNegated: false },
  '=': { value: 0, isNegated: true },
  '<': { value: 1, isNegated: true },
  '<=': { value: 0, isNegated: true },
};
const TURNED: Readonly<Record<string, string>> = { '>': '<', '>=': '<=', '<': '>', '<=': '>=' };

interface Existence {
  readonly select: SelectStmt;
  readonly isNegated: boolean;
  readonly where: ParameterValue | null;
}

function existenceIn(node: Node, counted: (side: Node) => SelectStmt | null): Existence | null {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP' || node.A_Expr.name?.length !== 1) return null;
  const { lexpr, rexpr } = node.A_Expr;
  const operator = operatorOf(node) ?? '';
  if (!lexpr || !rexpr) return null;
  const left = counted(lexpr);
  const select = left ?? counted(rexpr);
  const comparison = COMPARISONS[left ? operator : (TURNED[operator] ?? operator)];
  if (!select || !comparison) return null;
  const { value, isNegated } = comparison;
  const other = left ? rexpr : lexpr;
  const parameter = 'ParamRef' in other ? numberOfParameter(other) : null;
  if (parameter !== null) return { select, isNegated, where: { parameter, value } };
  return numberOf(other) === value ? { select, isNegated, where: null } : null;
}

const isCountable = (select: SelectStmt): boolean => isPlain(select) && select.fromClause !== undefined;

/** The SELECT of a subquery that is a count and nothing else. */
function countedBy(side: Node, tables: readonly KeyedTable[]): SelectStmt | null {
  if (!('SubLink' in side) || side.SubLink.subLinkType !== 'EXPR_SUBLINK') return null;
  const { subselect } = side.SubLink;
  if (!subselect || !('SelectStmt' in subselect) || !isCountable(subselect.SelectStmt)) return null;
  const select = subselect.SelectStmt;
  const [target, ...others] = select.targetList ?? [];
  const val = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  return val && others.length === 0 && isCount(val, select, tables) ? select : null;
}

/** Whether an expression counts the rows of its SELECT. */
function isCount(node: Node, select: SelectStmt, tables: readonly KeyedTable[]): boolean {
  if (!('FuncCall' in node) || functionOf(node) !== 'count' || node.FuncCall.funcname?.length !== 1) return false;
  const { agg_star, agg_distinct, agg_filter, over, args = [] } = node.FuncCall;
  if (agg_distinct || agg_filter || over) return false;
  if (agg_star) return true;
  const use = args.length === 1 ? bareColumnOf(args[0]) : null;
  const found = use && columnIn(sourcesOf(select, tables) ?? [], use);
  return found !== null && hasValue(found);
}

const rowsOf = ({ fromClause, whereClause }: SelectStmt): SelectStmt => ({
  targetList: [{ ResTarget: { val: integer(1) } }],
  ...(fromClause ? { fromClause: copyOf(fromClause) } : {}),
  ...(whereClause ? { whereClause: copyOf(whereClause) } : {}),
  limitOption: 'LIMIT_OPTION_DEFAULT',
  op: 'SETOP_NONE',
});
