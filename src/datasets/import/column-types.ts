import type { Column, ColumnType, RowData } from '../store/dataset.js';

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?(?:\d{2})?)?)?$/;

/** The narrowest type that holds a value; null for null, which every type holds. */
export function typeOf(value: unknown): ColumnType | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value === 'string') return isDate(value) ? 'date' : 'text';
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? 'text[]' : 'json';
}

function isDate(text: string): boolean {
  return text.length >= 10 && text.length <= 35 && ISO_DATE.test(text) && !Number.isNaN(Date.parse(text));
}

/** The narrowest type that holds the values of two. */
export function widen(a: ColumnType, b: ColumnType): ColumnType {
  if (a === b) return a;
  const structured = [a, b].some((type) => type === 'text[]' || type === 'json');
  return structured ? 'json' : 'text';
}

/** Finds the columns of a dataset, and their types, while its rows go by. */
export interface ColumnCensus {
  /** Tells how many columns there are by now. */
  add(attributes: Readonly<Record<string, unknown>>): number;
  /** In the order in which they first appeared. A column without any value is text. */
  columns(): Column[];
}

export function createColumnCensus(): ColumnCensus {
  const types = new Map<string, ColumnType | null>();
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
    columns: () => Array.from(types, ([name, type]) => ({ name, type: type ?? 'text' })),
  };
}

/** Attributes as their columns say: in a text column, numbers and booleans become text. */
export function fitColumns(columns: readonly Column[]): (attributes: RowData['attributes']) => RowData['attributes'] {
  const texts = columns.filter(({ type }) => type === 'text').map(({ name }) => name);
  return (attributes) => {
    const misfits = texts.filter(
      (name) => typeof attributes[name] === 'number' || typeof attributes[name] === 'boolean',
    );
    if (misfits.length === 0) return attributes;
    return { ...attributes, ...Object.fromEntries(misfits.map((name) => [name, String(attributes[name])])) };
  };
}
