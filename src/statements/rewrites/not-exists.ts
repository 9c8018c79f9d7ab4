import type { Node, SelectStmt } from 'libpg-query';
import { and, bareColumnOf, column, conjunctsOf, copyOf, integer, putInPlace } from '../nodes.js';
import type { KeyedTable, Rewrite } from './rewrite.js';
import { columnIn, hasValue, isPlain, type Source, type SourceColumn, sourcesOf } from './sources.js';

/**
 * `NOT IN (SELECT …)`, which no join of the planner answers because of what it says of NULL. Where neither side can be NULL,
 * NOT EXISTS says the same.
 */
export const notExists: Rewrite = {
  code: 'not-exists',
  apply: (root, tables) => {
    if (root.withClause) return null;
    const sources = sourcesOf(root, tables);
    if (!sources) return null;
    for (const condition of conjunctsOf(root.whereClause)) {
      const found = notIn(condition, sources, tables);
      if (!found) continue;
      const { outer, subselect, inner } = found;
      const name = column(outer.source.alias, outer.column.name);
      const equal: Node = {
        A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '=' } }], lexpr: copyOf(inner), rexpr: name },
      };
      subselect.whereClause = and([...conjunctsOf(subselect.whereClause), equal])!;
      subselect.targetList = [{ ResTarget: { val: integer(1) } }];
      delete subselect.distinctClause;
      const sublink: Node = { SubLink: { subLinkType: 'EXISTS_SUBLINK', subselect: { SelectStmt: subselect } } };
      putInPlace(condition, { BoolExpr: { boolop: 'NOT_EXPR', args: [sublink] } });
      return { code: 'not-exists', data: { column: `${outer.source.alias}.${outer.column.name}` } };
    }
    return null;
  },
};

interface NotIn {
  readonly outer: SourceColumn;
  readonly subselect: SelectStmt;
  readonly inner: Node;
}

function notIn(condition: Node, sources: readonly Source[], tables: readonly KeyedTable[]): NotIn | null {
  if (!('BoolExpr' in condition) || condition.BoolExpr.boolop !== 'NOT_EXPR') return null;
  const [sublink] = condition.BoolExpr.args ?? [];
  if (!sublink || !('SubLink' in sublink) || sublink.SubLink.subLinkType !== 'ANY_SUBLINK') return null;
  const { testexpr, operName, subselect } = sublink.SubLink;
  if (operName || !subselect || !('SelectStmt' in subselect)) return null;
  const select = subselect.SelectStmt;
  const isOfDistinct = select.distinctClause?.every((node) => Object.keys(node).length === 0) ?? true;
  if (!isPlain(select, 'distinctClause') || !isOfDistinct) return null;
  const use = bareColumnOf(testexpr);
  const outer = use && columnIn(sources, use);
  const within = sourcesOf(select, tables);
  const [target, ...others] = select.targetList ?? [];
  const inner = target && 'ResTarget' in target && others.length === 0 ? target.ResTarget.val : undefined;
  const innerUse = bareColumnOf(inner);
  const innerColumn = innerUse && columnIn(within ?? [], innerUse);
  if (!outer || !within || !inner || !innerColumn) return null;
  // In the subquery, the name of the outer table has to mean that table.
  if (within.some(({ alias }) => alias === outer.source.alias)) return null;
  const isSure = [outer, innerColumn].every((one) => hasValue(one) && one.column.comparable);
  return isSure ? { outer, subselect: select, inner } : null;
}
