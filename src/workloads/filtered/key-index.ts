import type { Column } from './columns.js';

/** Unquoted name of the index on the application's primary key. It is there whatever is tuned, and plans in reports name it. */
export const KEY_INDEX = 'primary_key';

/** Whether a name is that of the primary key of the rows. */
export const isKey = (columns: readonly Column[], name: string): boolean =>
  columns.some((column) => column.key === true && column.name === name);

/** Indexes that may serve a plan: those that were built for it, and the primary key's. */
export const withKeyIndex = (names: readonly string[]): readonly string[] => [...names, KEY_INDEX];
