import { type Column, type ColumnType, columnOf, kindOf, type SqlType, sqlTypeOf } from '../../columns.js';
import type { RowData } from '../store/dataset.js';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(Z|[+-]\d{2}:?(?:\d{2})?)?)?$/;
/** As PostgreSQL writes it: written otherwise, its text would not be the same again. */
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The narrowest type of PostgreSQL that holds a value; null for null, which every type holds. */
function typeOf(value: unknown): SqlType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return numberType(value);
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return textType(value);
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? 'text[]' : 'jsonb';
}

function numberType(value: number): SqlType {
  if (!Number.isSafeInteger(value)) return 'double precision';
  return value >= -(2 ** 31) && value < 2 ** 31 ? 'integer' : 'bigint';
}

const DATE_LENGTH = 'yyyy-mm-dd'.length;
const UUID_LENGTH = 36;

function textType(text: string): SqlType {
  if (text.length === UUID_LENGTH && UUID.test(text)) return 'uuid';
  if (text.length < DATE_LENGTH || text.length > 35) return 'text';
  const match = ISO_DATE.exec(text);
  if (!match || Number.isNaN(Date.parse(text))) return 'text';
  if (text.length === DATE_LENGTH) return 'date';
  return match[1] === undefined ? 'timestamp' : 'timestamptz';
}

/** Types whose values each hold those of the ones before. */
const WIDENING: readonly (readonly SqlType[])[] = [
  ['integer', 'bigint', 'double precision'],
  ['date', 'timestamp', 'timestamptz'],
  ['uuid', 'text'],
];

/** The narrowest type that holds the values of two. */
function widen(a: SqlType, b: SqlType): SqlType {
  if (a === b) return a;
  const order = WIDENING.find((types) => types.includes(a) && types.includes(b));
  if (order) return order[Math.max(order.indexOf(a), order.indexOf(b))]!;
  const kinds: readonly ColumnType[] = [kindOf(a), kindOf(b)];
  return kinds.some((kind) => kind === 'text[]' || kind === 'json') ? 'jsonb' : 'text';
}

/** Finds the columns of a dataset, and their types, while its rows go by. */
export interface ColumnCensus {
  /** Tells how many columns there are by now. */
  add(attributes: Readonly<Record<string, unknown>>): number;
  /**
   * In the order in which they first appeared. A column without any value is text.
   *
   * @param declared types that the source says, by name; one that does not hold the values is not taken
   */
  columns(declared?: ReadonlyMap<string, SqlType>): Column[];
}

export function createColumnCensus(): ColumnCensus {
  const types = new Map<string, SqlType | null>();
  return {
    add(attributes) {
      for (const [name, value] of Object.entries(attributes)) {
        const known = types.get(name);
        const type = typeOf(value);
        if (known === undefined || known === null) types.set(name, type);
        else if (type !== null && type !== known) types.set(name, widen(known, type));
      }
      return types.size;
    },
    columns: (declared = new Map()) =>
      Array.from(types, ([name, found]) => {
        const said = declared.get(name);
        const type = said !== undefined && holds(said, found) ? said : (found ?? 'text');
        return columnOf(name, kindOf(type), type);
      }),
  };
}

/** Whether a type that a source says its column has is one of the values that came: they may have been changed on the way. */
function holds(said: SqlType, found: SqlType | null): boolean {
  if (found === null) return true;
  if (kindOf(said) === 'text') return kindOf(found) === 'text' && (said !== 'uuid' || found === 'uuid');
  if (said === 'date') return found === 'date';
  return kindOf(said) === kindOf(found);
}

/** Attributes as their columns say: in a text column, numbers and booleans become text. */
export function fitColumns(columns: readonly Column[]): (attributes: RowData['attributes']) => RowData['attributes'] {
  const texts = columns.filter((column) => sqlTypeOf(column) === 'text').map(({ name }) => name);
  return (attributes) => {
    const misfits = texts.filter(
      (name) => typeof attributes[name] === 'number' || typeof attributes[name] === 'boolean',
    );
    if (misfits.length === 0) return attributes;
    return { ...attributes, ...Object.fromEntries(misfits.map((name) => [name, String(attributes[name])])) };
  };
}
