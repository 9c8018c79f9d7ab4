import type { Node } from 'libpg-query';
import { grammar } from '../grammar.js';
import { indexesOf } from '../indexes-of.js';
import { bareColumnOf, castTypeOf, nodesIn, replace } from '../nodes.js';
import { expressionOf } from '../same-expression.js';
import type { VectorSearch } from '../vector-search.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The distance is of something computed from the column, by a cast or a function, and the index is on another thing. */
export const columnExpression: Obstacle = {
  code: 'column-expression',
  find: (asked) => {
    const { search } = asked;
    const { side, column } = search;
    if (bareColumnOf(side)) return null;
    const { onSide, elsewhere } = indexesOf(asked);
    const [index] = elsewhere;
    if (onSide.length > 0 || !index) return null;
    const written = grammar().write(side);
    // Any other type is compared at another precision.
    const isSameType = castTypeOf(side) === asked.table.column.baseType && !index.isExpression;
    compareWith(search, index);
    return { code: 'column-expression', data: { expression: written, column }, remedy: rewritten(isSameType) };
  },
};

/** Puts what an index is on into the distance, and a query vector of its type. */
export function compareWith(
  { side, operand }: VectorSearch,
  {
    expression,
    operandType,
    isExpression,
  }: { readonly expression: string; readonly operandType: string; readonly isExpression: boolean },
): void {
  const own = [...nodesIn(side)].find((node) => bareColumnOf(node));
  const instead = expressionOf(expression);
  for (const node of nodesIn(instead)) if (own && bareColumnOf(node)) replace(node, own);
  replace(side, instead);
  toType(operand, isExpression ? operandType : operandType.replace(/\(.*$/, ''));
}

/** Casts a query vector to a type, in place of any other cast. */
export function toType(operand: Node, type: string): void {
  const inner = 'TypeCast' in operand && operand.TypeCast.arg ? operand.TypeCast.arg : operand;
  const cast = expressionOf(`NULL::${type}`);
  if ('TypeCast' in cast) replace(operand, { TypeCast: { ...cast.TypeCast, arg: inner } });
}
