import { PgvtuneError } from '../../errors.js';
import { formatCount } from '../../units.js';
import type { DeclaredNeighbours } from '../store/dataset.js';
import type { ImportNote } from '../../progress.js';
import type { DatasetSource } from './source.js';

/**
 * Declared neighbours as they can be kept: those that count from 1 are shifted, and those of more rows than there are
 * belong to a larger set. Both can be told only where they name a row that is not there; whether they are right is verified
 * before they are used.
 *
 * @param counts of the queries and of the rows
 * @throws {PgvtuneError} `dataset` for lists that are not as many as the queries
 */
export function usableNeighbours(
  source: DatasetSource,
  declared: DeclaredNeighbours,
  counts: { readonly queries: number; readonly rows: number },
  onNote: ((note: ImportNote) => void) | undefined,
): DeclaredNeighbours | null {
  const { k, rows: named } = declared;
  if (named.length !== counts.queries * k) {
    const got = `${formatCount(named.length)} in all`;
    throw new PgvtuneError(
      'dataset',
      `${source.name}: expected ${k} declared neighbours for each of ${formatCount(counts.queries)} queries, got ${got}.`,
    );
  }
  const unknown = named.reduce((count, row) => count + (row < -1 || row >= counts.rows ? 1 : 0), 0);
  if (unknown === 0) return declared;
  const known = named.filter((row) => row !== -1);
  const [least, most] = known.reduce(([low, high], row) => [Math.min(low, row), Math.max(high, row)], [counts.rows, 0]);
  if (least >= 1 && most === counts.rows) {
    onNote?.({ code: 'neighbours-from-one', data: {} });
    return { k, rows: named.map((row) => (row === -1 ? -1 : row - 1)) };
  }
  onNote?.({ code: 'neighbours-of-more-rows', data: { unknown, of: named.length } });
  return null;
}
