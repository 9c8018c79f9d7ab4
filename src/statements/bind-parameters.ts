import type { SelectStmt } from 'libpg-query';
import { literal } from '../identifiers.js';
import { type Comparison, comparisonOf } from './comparisons.js';
import { grammar } from './grammar.js';
import { nodesIn } from './nodes.js';
import { USUAL_LIMIT } from './obstacles/change.js';
import { limitParameters } from './parameters.js';
import { refusedSearch } from './refused-search.js';

export interface Bound {
  /** `$1` is the vector, `$2` … what is drawn; all other parameters are constants. */
  readonly text: string;
  readonly drawn: readonly (Comparison & { readonly number: number })[];
  /** `$2` … instead, where executions say all of them: their numbers in the original. */
  readonly logged: readonly number[];
}

export interface ParameterValues {
  /** Of parameters that are the same for every query, by their numbers. */
  readonly values: ReadonlyMap<number, string>;
  /** Executions say those of the others. */
  readonly isLogged?: boolean;
}

/** Numbers of the parameters below a value of the tree, ascending. */
export const parametersIn = (value: unknown): readonly number[] =>
  [...new Set([...nodesIn(value)].flatMap((node) => ('ParamRef' in node ? (node.ParamRef.number ?? []) : [])))].sort(
    (a, b) => a - b,
  );

/**
 * Puts values that are the same for every query in the place of their parameters, and numbers the others anew.
 *
 * @throws {PgvtuneError} `usage` for a value without a parameter, and a parameter that nothing says anything about
 */
export function bindParameters(
  original: string,
  root: SelectStmt,
  { vector, values, isLogged = false }: ParameterValues & { readonly vector: number },
): Bound {
  const numbers = parametersIn(root);
  const beyond = [...values.keys()].find((number) => !numbers.includes(number));
  if (beyond !== undefined) {
    const known = numbers.map((number) => `$${number}`).join(', ');
    throw refusedSearch(`it has no parameter $${beyond}`, { hint: `It has ${known}.` });
  }
  if (values.has(vector)) {
    throw refusedSearch(`$${vector} is the vector`, {
      hint: 'It is another one for each query: give queries instead of a value.',
    });
  }
  const limits = limitParameters(root).limit;
  const texts = new Map([[vector, '$1']]);
  const drawn: Bound['drawn'][number][] = [];
  const logged: number[] = [];
  for (const number of numbers.filter((one) => one !== vector)) {
    const value = values.get(number) ?? (limits.includes(number) ? String(USUAL_LIMIT) : undefined);
    if (value !== undefined) {
      texts.set(number, limits.includes(number) ? rowsText(value) : literal(value));
      continue;
    }
    if (isLogged) {
      logged.push(number);
      texts.set(number, `$${logged.length + 1}`);
      continue;
    }
    const comparison = comparisonOf(root, number);
    if (!comparison) {
      throw refusedSearch(`nothing says what $${number} could be`, { hint: `Give its value: --param '${number}=…'.` });
    }
    drawn.push({ ...comparison, number });
    texts.set(number, `$${drawn.length + 1}`);
  }
  return { text: replaceParameters(original, texts), drawn, logged };
}

/** The grammar counts bytes. */
function replaceParameters(original: string, texts: ReadonlyMap<number, string>): string {
  const bytes = Buffer.from(original);
  const parts: string[] = [];
  let end = 0;
  for (const token of grammar().scan(original)) {
    if (token.tokenName !== 'PARAM') continue;
    parts.push(bytes.toString('utf8', end, token.start), texts.get(Number(token.text.slice(1)))!);
    end = token.end;
  }
  return [...parts, bytes.toString('utf8', end)].join('');
}

function rowsText(value: string): string {
  if (/^\s*\d+\s*$/.test(value)) return value.trim();
  throw refusedSearch(`its LIMIT is ${value}`, { hint: 'Give a whole number.' });
}
