import { ident } from '../../../identifiers.js';
import type { Returned } from '../../../returns.js';
import type { ReturnForm } from './return-form.js';

/** The nearest chunk of each document: more chunks than documents have to be gathered. */
export const distinct: ReturnForm<Extract<Returned, { distinct: string }>> = {
  columns: ({ distinct: column }) => [column],
  rows: ({ rows }, k) => Math.max(rows, k),
  select: ({ distinct: column }, k) => {
    const name = ident(column);
    return `SELECT id FROM (SELECT DISTINCT ON (${name}) id, distance FROM nearest ORDER BY ${name}, distance) AS first ORDER BY distance + 0 LIMIT ${k}`;
  },
  text: ({ distinct: column }) => `DISTINCT ON (${column})`,
};
