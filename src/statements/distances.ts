import type { Node } from 'libpg-query';
import { castTypeOf, DISTANCE_OPERATORS, functionOf, nodesBeside, nodesIn, numberOf, operatorOf } from './nodes.js';
import { isSame } from './same-expression.js';

/** A distance between two vectors, as a statement writes it. */
export interface Distance {
  readonly node: Node;
  /** `<=>` */
  readonly operator: string;
  readonly sides: readonly [Node, Node];
  /** Written as a call of a function, which no index knows: its name. */
  readonly function: string | null;
  /** −1: the function gives the negative of what the operator gives. */
  readonly sign: 1 | -1;
}

/** pgvector's functions, and the operators that stand for them. */
const FUNCTIONS: Readonly<Record<string, readonly [operator: string, sign: 1 | -1]>> = {
  l2_distance: ['<->', 1],
  cosine_distance: ['<=>', 1],
  negative_inner_product: ['<#>', 1],
  vector_negative_inner_product: ['<#>', 1],
  inner_product: ['<#>', -1],
  l1_distance: ['<+>', 1],
  hamming_distance: ['<~>', 1],
  jaccard_distance: ['<%>', 1],
};

/** The first distance in an expression, that of a subquery aside. */
export function distanceIn(expression: Node): Distance | null {
  for (const node of nodesBeside(expression)) {
    const operator = operatorOf(node);
    if ('A_Expr' in node && operator !== undefined && DISTANCE_OPERATORS.includes(operator)) {
      const { lexpr, rexpr } = node.A_Expr;
      if (lexpr && rexpr) return { node, operator, sides: [lexpr, rexpr], function: null, sign: 1 };
    }
    const name = functionOf(node);
    const known = name === undefined ? undefined : FUNCTIONS[name];
    if ('FuncCall' in node && name !== undefined && known) {
      const [left, right] = node.FuncCall.args ?? [];
      const [instead, sign] = known;
      if (left && right) return { node, operator: instead, sides: [left, right], function: name, sign };
    }
  }
  return null;
}

/** Functions that never turn the order of their first argument round, but may make equal what is not. */
const ROUNDING = ['round', 'trunc', 'floor', 'ceil', 'ceiling', 'float4', 'numeric'];
/** Functions that keep the order of their first argument. */
const INCREASING = [...ROUNDING, 'sqrt', 'cbrt', 'exp', 'ln', 'log', 'float8'];
const ROUNDING_CASTS = ['float4', 'numeric'];
const NUMERIC_CASTS = [...ROUNDING_CASTS, 'float8'];

/** Whether something between an expression and the distance in it may make rows equal whose distances differ. */
export const roundsIn = (expression: Node, { node: distance }: Distance): boolean =>
  [...nodesIn(expression)].some(
    (node) =>
      (ROUNDING.includes(functionOf(node) ?? '') || ROUNDING_CASTS.includes(castTypeOf(node) ?? '')) &&
      [...nodesIn(node)].includes(distance),
  );

/** Whether a condition keeps the nearest rows and drops the farthest: `distance < 0.3`, `0.7 < 1 - distance`. */
export function boundsDistance(condition: Node, { node: distance }: Distance): boolean {
  if (!('A_Expr' in condition) || condition.A_Expr.kind !== 'AEXPR_OP') return false;
  const { lexpr, rexpr } = condition.A_Expr;
  const operator = operatorOf(condition) ?? '';
  const isLess = ['<', '<='].includes(operator);
  if (!isLess && !['>', '>='].includes(operator)) return false;
  return [lexpr, rexpr].some((side, i) => {
    const own = side && distanceIn(side);
    if (!own || !isSame(own.node, distance)) return false;
    return directionOf(side, own) === (isLess === (i === 0) ? 1 : -1);
  });
}

/**
 * Whether an expression grows with the distance in it (1), falls as it grows (−1), or neither can be said (null). Constants
 * are numbers of the text; a parameter may have any sign.
 */
export function directionOf(expression: Node, { node: distance, operator, sign }: Distance): 1 | -1 | null {
  const flip = (direction: 1 | -1 | null): 1 | -1 | null => (direction === null ? null : direction === 1 ? -1 : 1);
  const scaled = (direction: 1 | -1 | null, factor: number | null): 1 | -1 | null =>
    factor === null || factor === 0 ? null : factor > 0 ? direction : flip(direction);
  const holds = (node: Node | undefined): boolean => node !== undefined && [...nodesIn(node)].includes(distance);
  const isConstant = (node: Node | undefined): boolean =>
    node !== undefined && ![...nodesIn(node)].some((inner) => 'ColumnRef' in inner || 'SubLink' in inner);
  const visit = (node: Node): 1 | -1 | null => {
    if (node === distance) return sign;
    if ('TypeCast' in node && node.TypeCast.arg) {
      return NUMERIC_CASTS.includes(castTypeOf(node) ?? '') ? visit(node.TypeCast.arg) : null;
    }
    if ('CoalesceExpr' in node) {
      const [first] = node.CoalesceExpr.args ?? [];
      return first && holds(first) ? visit(first) : null;
    }
    if ('FuncCall' in node) {
      const [first, ...others] = node.FuncCall.args ?? [];
      if (!first || !INCREASING.includes(functionOf(node) ?? '') || !others.every(isConstant)) return null;
      return visit(first);
    }
    if (!('A_Expr' in node)) return null;
    const { lexpr, rexpr } = node.A_Expr;
    const name = operatorOf(node);
    if (name === '-' && !lexpr) return rexpr ? flip(visit(rexpr)) : null;
    if (!lexpr || !rexpr) return null;
    const [inner, other, isLeft] = holds(lexpr) ? [lexpr, rexpr, true] : [rexpr, lexpr, false];
    if (!isConstant(other)) return null;
    if (name === '+') return visit(inner);
    if (name === '-') return isLeft ? visit(inner) : flip(visit(inner));
    if (name === '*') return scaled(visit(inner), numberOf(other));
    if (name !== '/') return null;
    // A constant over what grows falls, as long as that is above zero: a negative inner product need not be.
    return isLeft
      ? scaled(visit(inner), numberOf(other))
      : operator === '<#>'
        ? null
        : scaled(flip(visit(inner)), numberOf(other));
  };
  return visit(expression);
}
