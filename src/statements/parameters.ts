import type { Node, SelectStmt } from 'libpg-query';
import { copyOf, limitOf, nodesIn, numberOf, numberOfParameter, putInPlace, selectsIn, valueOf } from './nodes.js';
import type { VectorSearch } from './vector-search.js';

/* What the parameters of a statement stand for, as far as its text says it. */

/** The number of the one parameter that the query vector is made of; null: there is none, or several. */
export function queryParameterOf({ operand }: VectorSearch): number | null {
  const numbers = new Set([...nodesIn(operand)].flatMap((node) => numberOfParameter(node) ?? []));
  const [number, ...others] = numbers;
  return others.length === 0 ? (number ?? null) : null;
}

/** Numbers of the parameters that say how many rows are wanted, and how many are left out. */
export function limitParameters(root: SelectStmt): {
  readonly limit: readonly number[];
  readonly offset: readonly number[];
} {
  const selects = selectsIn(root);
  const of = (key: 'limitCount' | 'limitOffset'): readonly number[] =>
    selects.flatMap((select) => numberOfParameter(select[key]) ?? []);
  return { limit: of('limitCount'), offset: of('limitOffset') };
}

/**
 * How many rows a SELECT goes through: those of its LIMIT after those that its OFFSET leaves out.
 *
 * @param values of the parameters by their numbers
 * @returns Infinity: all; null: neither the text nor the values say it
 */
export function rowsAsked(select: SelectStmt, values: ReadonlyMap<number, string> = new Map()): number | null {
  const { limitOffset } = select;
  const limitCount = limitOf(select);
  if (!limitCount) return Infinity;
  const valueOfNode = (node: Node): number | null => {
    const text = values.get(numberOfParameter(node) ?? 0);
    return text === undefined ? numberOf(node) : Number(text);
  };
  const [limit, offset] = [valueOfNode(limitCount), limitOffset ? valueOfNode(limitOffset) : 0];
  return limit === null || offset === null ? null : limit + offset;
}

/**
 * The same statement with a parameter in place of its query vector, wherever that stands.
 *
 * @returns null where the vector is no constant of the text
 */
export function withQueryParameter(root: SelectStmt, { operand }: VectorSearch, parameter: number): SelectStmt | null {
  const vector = valueOf(operand);
  const text = 'A_Const' in vector ? vector.A_Const.sval?.sval : undefined;
  if (text === undefined) return null;
  const copy = copyOf(root);
  for (const node of nodesIn(copy)) {
    if ('A_Const' in node && node.A_Const.sval?.sval === text) putInPlace(node, { ParamRef: { number: parameter } });
  }
  return copy;
}
