import type { Node, SelectStmt } from 'libpg-query';
import { bareColumnOf, conjunctsOf, copyOf, nodesIn, selectsIn, setWhere, column } from '../nodes.js';
import type { KeyedTable, Rewrite } from './rewrite.js';
import { isPlain, sourcesOf } from './sources.js';

/** More branches read the tables more often. */
const MOST_BRANCHES = 4;

/**
 * Conditions of different tables or subqueries, of which one has to hold: no index serves them together. Each gets a SELECT of its
 * own, without the rows of those before it.
 */
export const unionAll: Rewrite = {
  code: 'union-all',
  apply: (root, tables) => {
    if (!isPlain(root, 'sortClause') || !isDetermined(root, tables)) return null;
    // An aggregate would make one row of each branch.
    if ([...nodesIn(root.targetList)].some((node) => 'FuncCall' in node)) return null;
    const conditions = conjunctsOf(root.whereClause);
    const either = conditions.find((one) => 'BoolExpr' in one && one.BoolExpr.boolop === 'OR_EXPR');
    const sort = sortOfOutput(root);
    if (!either || !('BoolExpr' in either) || !sort) return null;
    // What has no subquery is cheaper to leave out of the others.
    const branches = (either.BoolExpr.args ?? []).toSorted((a, b) => subqueriesIn(a) - subqueriesIn(b));
    if (branches.length > MOST_BRANCHES) return null;
    const rest = conditions.filter((one) => one !== either);
    const selects = branches.map((branch, i): SelectStmt => {
      const select = copyOf(root);
      delete select.sortClause;
      const before = branches
        .slice(0, i)
        .map((arg): Node => ({ BooleanTest: { arg: copyOf(arg), booltesttype: 'IS_NOT_TRUE' } }));
      setWhere(select, [...rest.map(copyOf), ...conjunctsOf(branch).map(copyOf), ...before]);
      return select;
    });
    const union = selects.reduce((larg, rarg) => ({
      limitOption: 'LIMIT_OPTION_DEFAULT',
      op: 'SETOP_UNION',
      all: true,
      larg,
      rarg,
    }));
    for (const key of Object.keys(root)) delete (root as Record<string, unknown>)[key];
    Object.assign(root, union, sort.length > 0 ? { sortClause: sort } : {});
    return { code: 'union-all', data: { branches: branches.length } };
  },
};

const subqueriesIn = (node: Node): number => [...nodesIn(node)].filter((one) => 'SubLink' in one).length;

/** Whether the tables and subqueries give the same rows each time that they are read. */
function isDetermined(root: SelectStmt, tables: readonly KeyedTable[]): boolean {
  return selectsIn(root).every((select) => {
    if (sourcesOf(select, tables) === null) return false;
    // Of a subquery that takes some rows, or sums them in some order.
    return select === root || (isPlain(select) && ![...nodesIn(select)].some((node) => 'FuncCall' in node));
  });
}

/** The same order by names of the output, which is all that a union can be sorted by; null where it is not in the output. */
function sortOfOutput({ sortClause = [], targetList = [] }: SelectStmt): readonly Node[] | null {
  const outputs = targetList.flatMap((target) => {
    const val = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const use = bareColumnOf(val);
    const name = ('ResTarget' in target ? target.ResTarget.name : undefined) ?? use?.column;
    return [{ name, use }];
  });
  const sort: Node[] = [];
  for (const key of sortClause) {
    const node = 'SortBy' in key ? key.SortBy.node : undefined;
    if (!node || !('SortBy' in key)) return null;
    const use = bareColumnOf(node);
    if (use && use.alias !== null) {
      const same = outputs.find((output) => output.use?.alias === use.alias && output.use.column === use.column);
      if (!same || outputs.filter(({ name }) => name === same.name).length > 1) return null;
      sort.push({ SortBy: { ...key.SortBy, node: column(same.name!) } });
    } else if (use || ('A_Const' in node && node.A_Const.ival)) {
      sort.push(copyOf(key));
    } else return null;
  }
  return sort;
}
