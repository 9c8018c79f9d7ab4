import { shortHash } from '../../../canonical-json.js';
import type { ColumnIndexSpec, IndexSpec, Placement } from '../../../vocabulary.js';
import { COLUMN, TABLE } from './printed-names.js';

/** Other indexes have other names, and equal ones the same: what a report prints twice is built once. */
export function vectorIndexName(
  { method, representation, dimensions, parameters }: IndexSpec,
  placement: Placement | null,
): string {
  const what = [method, ...(representation === 'vector' ? [] : [representation, ...(dimensions ? [dimensions] : [])])];
  const where = placement === null ? [] : [shortHash(placement).slice(0, 6)];
  return [TABLE, COLUMN, ...what, ...Object.values(parameters), ...where].join('_');
}

/** NAMEDATALEN − 1, without what a name may still get behind it. */
const MOST_CHARACTERS = 50;

/** @param table as the reader calls it */
export const columnIndexName = ({ method, columns }: ColumnIndexSpec, table: string): string =>
  [table, ...columns, ...(method === 'btree' ? [] : [method])]
    .join('_')
    .replaceAll(/\W/g, '_')
    .slice(0, MOST_CHARACTERS)
    .toLowerCase();
