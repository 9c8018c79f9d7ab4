import { writeFile } from 'node:fs/promises';
import { formatCount } from '../../units.js';
import type { DeclaredNeighbours } from '../store/dataset.js';
import type { DatasetSource } from '../import/source.js';
import { bytesOf, withPrefixes } from './binary/file.js';
import { fileError } from './file-error.js';

/** Rows from here on are not told apart by float32, as which all formats are read. */
const MAX_ROWS = 2 ** 24;

/**
 * Neighbours from a file of any format whose vectors are row numbers, a list for each query, such as the `.ivecs` of
 * texmex or the `.ibin` of big-ann. −1 means none.
 *
 * @throws {PgvtuneError} `dataset` for what is no row number, or one of 2²⁴ and above
 */
export async function readNeighbours(source: DatasetSource, path: string): Promise<DeclaredNeighbours> {
  const k = source.dimensions;
  const lists: Int32Array[] = [];
  let query = 0;
  for await (const { rows, vectors } of source.base()) {
    const wrong = vectors.findIndex((row) => !Number.isInteger(row) || row < -1 || row >= MAX_ROWS);
    if (wrong >= 0) {
      throw fileError(
        path,
        { row: query + Math.floor(wrong / k) },
        `expected row numbers below ${formatCount(MAX_ROWS)}, got ${vectors[wrong]} at position ${(wrong % k) + 1}.`,
        { hint: 'A file of neighbours holds, for each query, the numbers of its nearest rows, counting from 0.' },
      );
    }
    lists.push(Int32Array.from(vectors));
    query += rows;
  }
  const rows = new Int32Array(query * k);
  let filled = 0;
  for (const list of lists) {
    rows.set(list, filled);
    filled += list.length;
  }
  return { k, rows };
}

/** Writes them as texmex does: an `.ivecs`. */
export const writeNeighbours = ({ k, rows }: DeclaredNeighbours, path: string): Promise<void> =>
  writeFile(path, withPrefixes(bytesOf(rows), rows.length / k, bytesOf(Int32Array.of(k))));
