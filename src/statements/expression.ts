import type { Node } from 'libpg-query';
import { grammar } from './grammar.js';
import { nodesIn, operatorOf, strings } from './nodes.js';

/** Parts of a SELECT of one expression. */
const ALONE = ['targetList', 'limitOption', 'op'];

/**
 * The one expression that a text is; null for several of them, a list in parentheses, or more of a statement.
 *
 * @throws {Error} the parser's complaint
 */
export function readExpression(text: string): Node | null {
  const [first, ...others] = grammar().parse(`SELECT (${text}\n)`).stmts ?? [];
  const statement = first?.stmt;
  if (!statement || others.length > 0 || !('SelectStmt' in statement)) return null;
  const select = statement.SelectStmt;
  const [target, ...more] = select.targetList ?? [];
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined;
  const isOne = more.length === 0 && Object.keys(select).every((key) => ALONE.includes(key));
  return value && isOne && !('RowExpr' in value) ? value : null;
}

export interface CalledFunction {
  readonly schema: string | null;
  readonly name: string;
}

/** Functions that a tree calls by their names; those behind operators and casts are not among them. */
export const calledFunctions = (tree: unknown): readonly CalledFunction[] =>
  [...nodesIn(tree)].flatMap((node) => {
    const names = 'FuncCall' in node ? strings(node.FuncCall.funcname) : [];
    const name = names.at(-1);
    return name === undefined ? [] : [{ schema: names.at(-2) ?? null, name }];
  });

/** Operators that a tree uses, without their schemas. */
export const usedOperators = (tree: unknown): readonly string[] => [
  ...new Set([...nodesIn(tree)].flatMap((node) => operatorOf(node) ?? [])),
];
