import type { Column } from '../store/dataset.js';

/** How often one value of a column occurs. */
export interface ValueShare {
  readonly value: string | number | boolean;
  /** Rows that have it, as a share of all rows: its selectivity as a filter. */
  readonly share: number;
}

export interface ColumnDescription extends Column {
  /** Share of the rows without a value. */
  readonly missing: number;
  /** How many different values there are; null when there are more than can be counted. */
  readonly distinct: number | null;
  /** The most frequent ones first; of a text array, its elements. */
  readonly frequent: readonly ValueShare[];
  /** Of a number. */
  readonly range: { readonly min: number; readonly max: number } | null;
}

/** Values that are told apart in one column. What appears first after so many others is not frequent. */
const MAX_DISTINCT = 20_000;
/** Longer texts are not what anybody filters by. */
const MAX_CHARACTERS = 200;
const SHOWN = 10;

/** Counts the values of a column while its rows go by, in bounded memory. */
export function createValueCounter(column: Column): {
  readonly add: (value: unknown) => void;
  readonly describe: (rows: number) => ColumnDescription;
} {
  const counts = new Map<string | number | boolean, number>();
  let present = 0;
  let isCounted = column.type !== 'json';
  let min = Infinity;
  let max = -Infinity;

  const count = (value: unknown): void => {
    if (typeof value === 'number') {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return;
    const before = counts.get(value);
    const isNew = before === undefined;
    if (isNew && (counts.size >= MAX_DISTINCT || String(value).length > MAX_CHARACTERS)) isCounted = false;
    else counts.set(value, (before ?? 0) + 1);
  };
  return {
    add(value) {
      if (value === null || value === undefined) return;
      present++;
      if (Array.isArray(value)) for (const item of new Set<unknown>(value)) count(item);
      else count(value);
    },
    describe: (rows) => ({
      ...column,
      missing: 1 - present / rows,
      distinct: isCounted ? counts.size : null,
      frequent: Array.from(counts, ([value, times]) => ({ value, share: times / rows }))
        .sort((a, b) => b.share - a.share)
        .slice(0, SHOWN),
      range: min <= max ? { min, max } : null,
    }),
  };
}
