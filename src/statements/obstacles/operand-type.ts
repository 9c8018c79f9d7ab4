import { indexesOf } from '../indexes-of.js';
import { castTypeOf } from '../nodes.js';
import { toType } from './column-expression.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** Types of query vectors that make PostgreSQL convert the column, row by row, instead of the one query vector. */
const WIDER: Readonly<Record<string, readonly string[]>> = { vector: ['halfvec', 'sparsevec'], halfvec: ['sparsevec'] };

/** The query vector is cast to a type that the column is then converted to as well. */
export const operandType: Obstacle = {
  code: 'operand-type',
  find: (asked) => {
    const { operand } = asked.search;
    const [index] = indexesOf(asked).serving;
    const type = castTypeOf(operand);
    const wanted = index?.operandType.replace(/\(.*$/, '').replace(/^.*\./, '');
    if (!index || type === undefined || wanted === undefined || !WIDER[wanted]?.includes(type)) return null;
    toType(operand, index.isExpression ? index.operandType : index.operandType.replace(/\(.*$/, ''));
    // A vector holds the elements of a sparse one as they are; the other types round.
    const isExact = type === 'sparsevec' && wanted === 'vector';
    return { code: 'operand-type', data: { type, wanted }, remedy: rewritten(isExact) };
  },
};
