import { indexesOf } from '../indexes-of.js';
import { bareColumnOf, castTypeOf } from '../nodes.js';
import { compareWith } from './column-expression.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The index is on an expression, and the statement compares the column itself. */
export const indexOnExpression: Obstacle = {
  code: 'index-on-expression',
  find: (asked) => {
    const { search } = asked;
    const { onSide, elsewhere } = indexesOf(asked);
    const [index] = elsewhere;
    if (!bareColumnOf(search.side) || onSide.length > 0 || !index) return null;
    compareWith(search, index);
    // A cast to the type of the column changes nothing but what is known of its dimensions.
    const isSameType = castTypeOf(search.side) === asked.table.column.baseType;
    const data = { index: index.name, expression: index.expression };
    return { code: 'index-on-expression', data, remedy: rewritten(isSameType) };
  },
};
