import { columnOf, conjunctsOf } from '../nodes.js';
import type { CauseFinder } from './cause.js';

/** LIKE or ILIKE with a pattern that may begin with a wildcard. */
export const pattern: CauseFinder = {
  code: 'pattern',
  find: ({ whereClause }) =>
    conjunctsOf(whereClause).flatMap((condition) => {
      if (!('A_Expr' in condition)) return [];
      const { kind, lexpr, rexpr, name } = condition.A_Expr;
      const [operator] = name ?? [];
      const isNegated = operator && 'String' in operator && operator.String.sval?.startsWith('!');
      if ((kind !== 'AEXPR_LIKE' && kind !== 'AEXPR_ILIKE') || isNegated) return [];
      const use = columnOf(lexpr);
      const text = rexpr && 'A_Const' in rexpr ? (rexpr.A_Const.sval?.sval ?? '') : null;
      if (!use || (text !== null && !/^[%_]/.test(text))) return [];
      return [{ code: 'pattern', data: { use, isShown: text !== null } }];
    }),
};
