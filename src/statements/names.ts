import type { CommonTableExpr, Node, RangeVar, SelectStmt } from 'libpg-query';
import type { KnownRelation } from './catalog.js';
import { bareColumnOf, type ColumnUse, nodesIn, subqueryOf } from './nodes.js';

/* What the names in a SELECT mean: which expression of which subquery, or which column of which table. */

/** A subquery, or a common table expression, that the table is read through. */
export interface Crossing {
  readonly select: SelectStmt;
  readonly cte: CommonTableExpr | null;
}
export interface Names {
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

export function namesOf(root: SelectStmt, relations: readonly KnownRelation[]): Names {
  const ctes = [...nodesIn(root)].flatMap((node) => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []));
  const crossingOf = (item: Node): Crossing | null => {
    const subquery = subqueryOf(item);
    if (subquery) return { select: subquery, cte: null };
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
export function aliasOf(item: Node): string | null {
  if ('RangeVar' in item) return item.RangeVar.alias?.aliasname ?? item.RangeVar.relname ?? null;
  if ('RangeSubselect' in item) return item.RangeSubselect.alias?.aliasname ?? null;
  return null;
}
