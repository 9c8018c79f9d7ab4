import { createHash } from 'node:crypto';
import { textOf, type Value, pathOf } from '../python/values.js';

/** A name, always quoted: what SQLAlchemy writes without quotes is in lower case anyway. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Quotes a name and its schema. */
export const quotedIn = (schema: string | null | undefined, name: string): string =>
  schema ? `${quoted(schema)}.${quoted(name)}` : quoted(name);

/**
 * The name of an index or a constraint. SQLAlchemy cuts one that is too long for the server, and marks it by four digits of
 * its hash (`SQLCompiler._truncated_identifier`).
 */
export const elementName = (name: string): string =>
  quoted(
    name.length <= MAX_NAME
      ? name
      : `${name.slice(0, MAX_NAME - 8)}_${createHash('md5').update(name).digest('hex').slice(-4)}`,
  );

/** NAMEDATALEN of PostgreSQL, less its last byte. */
const MAX_NAME = 63;

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
  if (value.kind === 'attribute' && isColumns(value.of)) return quoted(value.name);
  throw new NotStatic('expression');
}

/** `users.c`, `users.columns`: the columns of a table by their names. */
const isColumns = (value: Value): boolean =>
  value.kind === 'attribute' && (value.name === 'c' || value.name === 'columns');

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
    if (name === 'next_value') return `nextval(${quotedText(sequenceName(call.callee.of))})`;
    return comparison(call.callee.of, name, call.args);
  }
  if (/(^|\.)func\.\w+$/.test(path)) {
    if (KEYWORDS.has(name)) return name.toUpperCase();
    return `${name}(${call.args.map(expression).join(', ')})`;
  }
  if (['text', 'literal_column', 'TextClause', 'DDL'].includes(name)) return unescapedColons(stringOf(first, 'text'));
  if (name === 'column' || name === 'Column') return quoted(stringOf(first, 'column'));
  if (name === 'literal') return expression(first ?? call);
  if (['cast', 'type_coerce'].includes(name)) throw new NotStatic(name);
  if (name === 'and_' || name === 'or_') {
    return call.args.map((part) => `(${expression(part)})`).join(name === 'and_' ? ' AND ' : ' OR ');
  }
  if (name === 'not_' && first) return `NOT (${expression(first)})`;
  const known = CONSTANTS[name];
  if (known !== undefined) return known;
  throw new NotStatic(name);
}

const OPERATORS: Readonly<Record<string, string>> = {
  __eq__: '=',
  __ne__: '<>',
  __lt__: '<',
  __le__: '<=',
  __gt__: '>',
  __ge__: '>=',
  like: 'LIKE',
  not_like: 'NOT LIKE',
  notlike: 'NOT LIKE',
  ilike: 'ILIKE',
  is_: 'IS',
  is_not: 'IS NOT',
  isnot: 'IS NOT',
  is_distinct_from: 'IS DISTINCT FROM',
  is_not_distinct_from: 'IS NOT DISTINCT FROM',
  in_: 'IN',
  not_in: 'NOT IN',
  notin_: 'NOT IN',
};

/** A comparison as SQLAlchemy writes it: `= NULL` becomes `IS NULL`. @throws {NotStatic} */
function comparison(left: Value, name: string, args: readonly Value[]): string {
  const [right] = args;
  if (name === '__invert__') return `NOT (${expression(left)})`;
  if (!right) throw new NotStatic(name);
  if (name === '__and__') return `(${expression(left)}) AND (${expression(right)})`;
  if (name === '__or__') return `(${expression(left)}) OR (${expression(right)})`;
  const operator = OPERATORS[name];
  if (operator === undefined) throw new NotStatic(name);
  if (right.kind === 'list') {
    if (!operator.endsWith('IN') || right.items.length === 0) throw new NotStatic(name);
    return `${expression(left)} ${operator} (${right.items.map(expression).join(', ')})`;
  }
  const isNull = isNone(right) && (name === '__eq__' || name === '__ne__');
  const written = isNull ? (name === '__eq__' ? 'IS' : 'IS NOT') : operator;
  return `${expression(left)} ${written} ${expression(right)}`;
}

/** The quoted name of `Sequence('orders_id_seq')`. @throws {NotStatic} */
export function sequenceName(value: Value): string {
  if (value.kind !== 'call' || lastName(pathOf(value.callee)) !== 'Sequence') throw new NotStatic('Sequence');
  const schema = optionalString(value.named.get('schema'), 'schema');
  return quotedIn(schema, stringOf(value.args[0] ?? value.named.get('name'), 'Sequence'));
}

/** `text()` writes a colon that starts no parameter as `\:`. */
export const unescapedColons = (sql: string): string => sql.replaceAll(String.raw`\:`, ':');
