import type { Column, ColumnType } from '../../columns.js';
import type { Scalar } from '../../filter.js';
import { ident } from '../../identifiers.js';

export type { Column, ColumnType };

/** Values beside a vector, by column; absent is NULL. */
export type Attributes = Readonly<Record<string, unknown>>;

/** PostgreSQL's type for a column. */
export const sqlTypeOf = (type: ColumnType): string =>
  ({
    number: 'double precision',
    text: 'text',
    boolean: 'boolean',
    date: 'timestamptz',
    'text[]': 'text[]',
    json: 'jsonb',
  })[type];

/**
 * The column in CREATE TABLE. Text sorts by code points whatever the database's collation is: the same range holds the
 * same rows on every server, and a btree can serve it.
 */
export const columnDefinition = ({ name, type }: Column): string =>
  `${ident(name)} ${sqlTypeOf(type)}${type === 'text' ? ' COLLATE "C"' : ''}`;

/** A value as the text that PostgreSQL reads for a column of its type: to load it, and to compare with it. */
export function valueText(type: ColumnType, value: unknown): string | null {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'number':
    case 'text':
    case 'boolean':
      return `${value as Scalar}`;
    case 'date':
      return new Date(instantOf(value as string)).toISOString();
    case 'text[]':
      return arrayText(value as readonly unknown[]);
    case 'json':
      return JSON.stringify(value);
  }
}

/** A PostgreSQL array of these values: `{"a","b"}`. */
export const arrayText = (items: readonly unknown[]): string =>
  `{${items.map((item) => `"${String(item).replaceAll(/["\\]/g, String.raw`\$&`)}"`).join(',')}}`;

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

/** A value as it can be compared: dates as {@link instantOf}, everything else as it is; null when there is none. */
export const comparable = (type: ColumnType, value: unknown): unknown =>
  value === null || value === undefined ? null : type === 'date' ? instantOf(value as string) : value;

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

/** Surrogates stand for the code points above all others. */
const codePointRank = (unit: number): number => (unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit);
