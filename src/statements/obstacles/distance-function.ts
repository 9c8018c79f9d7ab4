import type { Node } from 'libpg-query';
import { copyOf, replace } from '../nodes.js';
import { type Obstacle, rewritten } from './obstacle.js';

/** The distance is a function call: an index knows its operator only. */
export const distanceFunction: Obstacle = {
  code: 'distance-function',
  find: ({ search: { distance } }) => {
    const { function: name, operator, sides, sign, node } = distance;
    if (name === null) return null;
    const [lexpr, rexpr] = sides;
    const call: Node = {
      A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: operator } }], lexpr: copyOf(lexpr), rexpr: copyOf(rexpr) },
    };
    replace(node, sign === 1 ? call : { A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '-' } }], rexpr: call } });
    return { code: 'distance-function', data: { function: name, operator }, remedy: rewritten(true) };
  },
};
