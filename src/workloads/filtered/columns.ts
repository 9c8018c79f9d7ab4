import { type BuiltInType, type Column, type ColumnType, type SqlType, sqlTypeOf } from '../../columns.js';
import type { Scalar } from '../../filter.js';
import { ident } from '../../identifiers.js';
import { jsonPathOf } from '../../json-path.js';
import { castText } from './cast-text.js';
import { memberText } from './json-text.js';

export { type Column, type ColumnType, type SqlType, sqlTypeOf };

/** Values beside a vector, by column; absent is NULL. */
export type Attributes = Readonly<Record<string, unknown>>;

/**
 * Reads a column of a row, or the member that a path leads to; what is not there is null or undefined.
 *
 * @throws {PgvtuneError} `usage` when it reads a text that cannot be cast as the path says
 */
export function valueReader(name: string): (attributes: Attributes) => unknown {
  const path = jsonPathOf(name);
  if (path === null) return (attributes) => attributes[name];
  const { column, keys, cast } = path;
  return (attributes) => {
    const text = memberText(attributes[column], keys);
    return text === null || cast === null ? text : castText(text, cast, name);
  };
}

/** A column's type as SQL writes it; that of an enum is quoted. */
export function sqlTypeText(column: Pick<Column, 'type' | 'sqlType'>): string {
  const type = sqlTypeOf(column);
  return typeof type === 'object' ? ident(type.enum) : type;
}

/**
 * The column in CREATE TABLE. Text sorts by code points whatever the database's collation is: the same range holds the
 * same rows on every server, and a btree can serve it.
 */
export function columnDefinition(column: Column): string {
  const type = sqlTypeText(column);
  return `${ident(column.name)} ${type}${type === 'text' ? ' COLLATE "C"' : ''}`;
}

const DAY_MS = 86_400_000;

/** Milliseconds from one value of a column of dates to the next that it can hold. */
export const stepMs = (column: Column): number => (sqlTypeOf(column) === 'date' ? DAY_MS : 1);

/** A value as the text that PostgreSQL reads for a column of its type: to load it, and to compare with it. */
export function valueText(column: Column, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  switch (column.type) {
    case 'number':
    case 'text':
    case 'boolean':
      return `${value as Scalar}`;
    case 'date':
      return dateText(sqlTypeOf(column), instantOf(value as string));
    case 'text[]':
      return arrayText(value as readonly unknown[]);
    case 'json':
      return JSON.stringify(value);
  }
}

/** An instant (milliseconds since 1970) as a value of a column of dates. */
export const valueOfInstant = (column: Column, instant: number): string => dateText(sqlTypeOf(column), instant);

function dateText(type: SqlType, instant: number): string {
  const text = new Date(instant).toISOString();
  if (type === 'date') return text.slice(0, text.indexOf('T'));
  return type === 'timestamp' ? text.slice(0, -1) : text;
}

/** A PostgreSQL array of these values: `{"a","b"}`. */
export const arrayText = (items: readonly unknown[]): string =>
  `{${items.map((item) => `"${String(item).replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;

/** Types whose constants are written as bare numbers, as everybody writes them. */
const BARE: readonly SqlType[] = [
  'smallint',
  'integer',
  'bigint',
  'numeric',
  'double precision',
] satisfies BuiltInType[];

/** Whether a constant of the column needs no quotes. */
export const isBareConstant = (column: Column): boolean => BARE.includes(sqlTypeOf(column));

const DATE_WITH_TIME = /^(\d{4}-\d{2}-\d{2})[T ]([\d:.]+)(.*)$/;

/**
 * Milliseconds since 1970 of ISO 8601 text; NaN when it is no date. Without a zone it means UTC, wherever this runs.
 * What is finer than a millisecond is cut off, here and (by {@link valueText}) in the table.
 */
export function instantOf(text: string): number {
  const [, day, time, zone = ''] = DATE_WITH_TIME.exec(text) ?? [];
  if (day === undefined) return Date.parse(text);
  const hours = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  return Date.parse(`${day}T${time}${hours === '' ? 'Z' : hours}`);
}

/**
 * A value as it can be compared: dates as {@link instantOf}, numbers as exactly as their column keeps them, everything
 * else as it is; null when there is none.
 */
export function comparable(column: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (column.type === 'date') return instantOf(value as string);
  return sqlTypeOf(column) === 'real' ? Math.fround(value as number) : value;
}

/** −1, 0 or 1, for two comparable values of one column that can be ordered. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return Math.sign(Number(a) - Number(b));
}

/** By code points, which is the order of the UTF-8 bytes; JavaScript's own is that of UTF-16. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (x !== y) return Math.sign(codePointRank(x) - codePointRank(y));
  }
  return Math.sign(a.length - b.length);
}

/** Surrogates encode the code points above all others. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
