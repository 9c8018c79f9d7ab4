import type { Returned } from '../../../returns.js';
import type { ReturnForm } from './return-form.js';

/**
 * Rows nearer than a threshold. It is looked at after the k nearest rows were found: as a condition of the index scan it
 * would be one more filter, and an iterative scan would go on to its bound for rows that do not exist (pgvector's README,
 * section Iterative Index Scans).
 */
export const within: ReturnForm<Extract<Returned, { within: number }>> = {
  columns: () => [],
  rows: (_form, k) => k,
  select: ({ within: limit }, k) => `SELECT id FROM nearest WHERE distance < ${limit} ORDER BY distance + 0 LIMIT ${k}`,
  text: ({ within: limit }) => `distance < ${limit}`,
};
