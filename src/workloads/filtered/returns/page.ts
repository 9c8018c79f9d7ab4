import type { Returned } from '../../../returns.js';
import type { ReturnForm } from './return-form.js';

type Page = Extract<Returned, { page: number }>;

/**
 * A page of the nearest rows. By OFFSET, all rows of the pages before are found again and skipped. By keyset, the rows after
 * the last one that was seen, by distance and then by id, are found: an index gives rows from the nearest on, so that it
 * reads those before as well, and throws them away.
 */
export const page: ReturnForm<Page> = {
  columns: () => [],
  rows: ({ page: number, by }, k) => (by === 'keyset' ? k : number * k),
  select: ({ page: number, by }, k) =>
    by === 'keyset'
      ? `SELECT id, distance FROM nearest ORDER BY distance + 0, id LIMIT ${k}`
      : `SELECT id FROM nearest ORDER BY distance + 0, id LIMIT ${k} OFFSET ${(number - 1) * k}`,
  text: ({ page: number }) => `OFFSET ${number - 1}·k`,
};

/** Whether the statement has two parameters more than its filter: distance and id of the last row that was seen. */
export const isAfterRow = (returns: Returned | undefined): boolean =>
  returns !== undefined && 'page' in returns && returns.by === 'keyset';
