import type { Node, SelectStmt } from 'libpg-query';
import { grammar } from './grammar.js';
import { numberOf, numberOfParameter, valueOf } from './nodes.js';
import { isPlace } from './places.js';

/* What an execution of a statement had in the places of its parameters. */

/**
 * Values of the parameters of a statement in an execution of it, which has parameters of its own there, or constants.
 *
 * @param executed its text, as a log has it
 * @param given its parameters, by their numbers
 * @returns null where it is another statement, or a value is NULL or cannot be known. Constants are to be equal, but for those of LIMIT
 */
export function valuesOfExecution(
  root: SelectStmt,
  executed: string,
  given: ReadonlyMap<number, string>,
): ReadonlyMap<number, string> | null {
  let statement: Node | undefined;
  try {
    const [first, ...others] = grammar().parse(executed).stmts ?? [];
    statement = others.length === 0 ? first?.stmt : undefined;
  } catch {
    // It was cut off.
  }
  if (!statement || !('SelectStmt' in statement)) return null;
  const values = new Map<number, string>();
  return isSame(root, statement.SelectStmt, { values, given }) ? values : null;
}

interface Comparing {
  readonly values: Map<number, string>;
  readonly given: ReadonlyMap<number, string>;
}

function isSame(own: unknown, other: unknown, comparing: Comparing): boolean {
  if (own === undefined || other === undefined) return own === other;
  if (typeof own !== 'object' || own === null) return own === other;
  if (typeof other !== 'object' || other === null) return false;
  if (Array.isArray(own)) {
    return (
      Array.isArray(other) &&
      own.length === other.length &&
      own.every((item, i) => isSame(item, (other as unknown[])[i], comparing))
    );
  }
  const { values, given } = comparing;
  const number = numberOfParameter(own as Node);
  if (number !== null) {
    const value = textOf(other as Node, given);
    const known = values.get(number);
    if (value === null || (known !== undefined && known !== value)) return false;
    values.set(number, value);
    return true;
  }
  if ('A_Const' in own) return textOf(own as Node, given) === textOf(other as Node, given);
  const [mine, theirs] = [own as Readonly<Record<string, unknown>>, other as Readonly<Record<string, unknown>>];
  return [...new Set([...Object.keys(mine), ...Object.keys(theirs)])]
    .filter((key) => !isPlace(key) && !isConstantLimit(mine, key))
    .every((key) => isSame(mine[key], theirs[key], comparing));
}

/** How many rows are wanted is said by the statement that is measured. */
const isConstantLimit = (own: Readonly<Record<string, unknown>>, key: string): boolean =>
  key === 'limitCount' && numberOf(own[key] as Node | undefined) !== null;

/** Of a constant or a parameter, casts aside; null for NULL, and for anything else. */
function textOf(node: Node, given: ReadonlyMap<number, string>): string | null {
  const value = valueOf(node);
  if ('ParamRef' in value) return given.get(value.ParamRef.number ?? 0) ?? null;
  const number = numberOf(value);
  if (number !== null) return String(number);
  if (!('A_Const' in value)) return null;
  const { sval, boolval } = value.A_Const;
  if (sval) return sval.sval ?? '';
  return boolval ? String(boolval.boolval ?? false) : null;
}
