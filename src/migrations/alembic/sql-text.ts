import { textOf, type Value, pathOf } from '../python/values.js';

/** A name, always quoted: what SQLAlchemy writes without quotes is in lower case anyway. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quotes a name and its schema. */
export const quotedIn = (schema: string | null | undefined, name: string): string =>
  schema ? `${quoted(schema)}.${quoted(name)}` : quoted(name);

export const quotedText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Names of a call's path that say what it is: `sqlalchemy.sql.text` → `text`. */
export const lastName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** What an argument of Alembic says: its value, or that it is not known. */
export class NotStatic extends Error {
  override readonly name: string = 'NotStatic';
}

/** The type of a column is not known. */
export class UnknownType extends NotStatic {
  override readonly name = 'UnknownType';
}

/** @throws {NotStatic} */
export function stringOf(value: Value | undefined, what: string): string {
  const text = textOf(value);
  if (text !== undefined) return text;
  throw new NotStatic(what);
}

export function optionalString(value: Value | undefined, what: string): string | null {
  if (value === undefined || isNone(value)) return null;
  return stringOf(value, what);
}

export const isNone = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === null;

/** A flag that is False unless it is certainly True. @throws {NotStatic} for one that is computed */
export function flag(value: Value | undefined, otherwise = false): boolean {
  if (value === undefined || isNone(value)) return otherwise;
  if (value.kind === 'constant') return Boolean(value.value);
  throw new NotStatic('flag');
}

/** @throws {NotStatic} */
export function stringsOf(value: Value | undefined, what: string): readonly string[] {
  if (value?.kind !== 'list') throw new NotStatic(what);
  return value.items.map((item) => stringOf(item, what));
}

/**
 * SQL of an expression as SQLAlchemy writes it: `text('now()')`, `func.lower(column('a'))`, `true()`; a plain string is a
 * string constant.
 *
 * @throws {NotStatic}
 */
export function expression(value: Value): string {
  if (value.kind === 'constant') {
    if (typeof value.value === 'string') return quotedText(value.value);
    if (value.value === null) return 'NULL';
    return String(value.value);
  }
  if (value.kind === 'call') return callExpression(value);
  throw new NotStatic('expression');
}

/** The same, where a plain string is SQL already. */
export const rawExpression = (value: Value): string => textOf(value) ?? expression(value);

const KEYWORDS = new Set(['current_timestamp', 'current_date', 'current_time', 'current_user', 'localtimestamp']);
const CONSTANTS: Readonly<Record<string, string>> = { true: 'true', false: 'false', null: 'NULL' };

function callExpression(call: Extract<Value, { kind: 'call' }>): string {
  const path = pathOf(call.callee);
  const name = lastName(path);
  const [first] = call.args;
  if (path.startsWith('.') && call.callee.kind === 'attribute') {
    if (['bindparams', 'columns'].includes(name) && call.args.length === 0) return expression(call.callee.of);
    if (name === 'desc' || name === 'asc') return `${expression(call.callee.of)} ${name.toUpperCase()}`;
    if (name === 'op' || name === 'label') return expression(call.callee.of);
    throw new NotStatic(name);
  }
  if (/(^|\.)func\.\w+$/.test(path)) {
    if (KEYWORDS.has(name)) return name.toUpperCase();
    return `${name}(${call.args.map(expression).join(', ')})`;
  }
  if (['text', 'literal_column', 'TextClause', 'DDL'].includes(name)) return unescapedColons(stringOf(first, 'text'));
  if (name === 'column' || name === 'Column') return quoted(stringOf(first, 'column'));
  if (name === 'literal') return expression(first ?? call);
  if (['cast', 'type_coerce'].includes(name)) throw new NotStatic(name);
  const known = CONSTANTS[name];
  if (known !== undefined) return known;
  throw new NotStatic(name);
}

/** `text()` writes a colon that starts no parameter as `\:`. */
export const unescapedColons = (sql: string): string => sql.replaceAll(String.raw`\:`, ':');
