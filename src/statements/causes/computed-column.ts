import type { Node } from 'libpg-query';
import { grammar } from '../grammar.js';
import { bareColumnOf, column, columnsIn, conjunctsOf, copyOf, nodesIn, putInPlace } from '../nodes.js';
import type { CauseFinder } from './cause.js';

/** A function or a cast around a column that is compared with something else: `lower(email) = $1`. */
export const computedColumn: CauseFinder = {
  code: 'computed-column',
  find: ({ whereClause }) =>
    conjunctsOf(whereClause).flatMap((condition) => {
      if (!('A_Expr' in condition)) return [];
      const { lexpr, rexpr } = condition.A_Expr;
      const sides = [lexpr, rexpr].filter((side) => side !== undefined);
      const computed = sides.filter((side) => columnsIn(side).length > 0);
      const [side] = computed;
      if (!side || computed.length > 1 || bareColumnOf(side)) return [];
      const [use, ...others] = columnsIn(side);
      const isOne = others.every((other) => other.alias === use!.alias && other.column === use!.column);
      // A constant in it is a parameter here, and an index takes none.
      const isFixed = ![...nodesIn(side)].some((node) => 'ParamRef' in node || 'SubLink' in node);
      if (!isOne || !isFixed) return [];
      const expression = withoutAlias(side);
      return expression === null ? [] : [{ code: 'computed-column', data: { expression, use: use! } }];
    }),
};

/** As an index has it; null: it cannot be written. */
function withoutAlias(side: Node): string | null {
  const copy = copyOf(side);
  for (const node of nodesIn(copy)) {
    const use = bareColumnOf(node);
    if (use) putInPlace(node, column(use.column));
  }
  try {
    return grammar().write(copy);
  } catch {
    return null;
  }
}
