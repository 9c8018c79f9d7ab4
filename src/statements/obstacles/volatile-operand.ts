import type { Node } from 'libpg-query';
import { grammar } from '../grammar.js';
import { copyOf, functionOf, nodesIn, replace } from '../nodes.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The query vector comes from a function that may give another one for each row. */
export const volatileOperand: Obstacle = {
  code: 'volatile-operand',
  find: ({ search: { operand }, volatile }) => {
    if ('SubLink' in operand) return null;
    const name = [...nodesIn(operand)]
      .map(functionOf)
      .find((called) => called !== undefined && volatile.includes(called));
    if (name === undefined) return null;
    const written = grammar().write(operand);
    const once: Node = {
      SubLink: {
        subLinkType: 'EXPR_SUBLINK',
        subselect: {
          SelectStmt: {
            targetList: [{ ResTarget: { val: copyOf(operand) } }],
            limitOption: 'LIMIT_OPTION_DEFAULT',
            op: 'SETOP_NONE',
          },
        },
      },
    };
    replace(operand, once);
    return { code: 'volatile-operand', data: { operand: written, function: name }, remedy: rewritten(false) };
  },
};
