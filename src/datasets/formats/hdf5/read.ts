import type { File as Hdf5File } from 'h5wasm/node';
import { PgvtuneError } from '../../../errors.js';
import type { DeclaredNeighbours } from '../../store/dataset.js';
import { fileError } from '../file-error.js';
import { inputSize } from '../input-file.js';
import { loadHdf5 } from './library.js';
import { type Hdf5RoleOptions, rolesOf } from './roles.js';
import { openTable, type Table, tableNames } from './table.js';

/** What a file holds; in ann-benchmarks' words `train`, and if they are there `test` and `neighbors`. */
export interface Hdf5Contents {
  readonly bytes: number;
  readonly rows: number;
  readonly dimensions: number;
  /** 0 when there are none. */
  readonly queries: number;
  /** As the file calls it (attribute `distance`); null when it does not say. */
  readonly distance: string | null;
}

export interface Hdf5Reader {
  readonly contents: Hdf5Contents;
  /** Whole rows of the base or the queries, from row `start` on, as many as are best read together. */
  readonly vectors: (table: 'base' | 'queries', start: number) => Float32Array<ArrayBuffer>;
  readonly neighbours: () => DeclaredNeighbours | null;
}

/**
 * Opens a file for reading. Damaged files may make HDF5 throw, and may make it hang: this belongs into a thread of its
 * own, which ends when the reading ends.
 *
 * @throws {PgvtuneError} `dataset`
 */
export async function openHdf5(path: string, options: Hdf5RoleOptions): Promise<Hdf5Reader> {
  const bytes = await inputSize(path);
  const h5wasm = await loadHdf5();
  try {
    const file = new h5wasm.File(path, 'r');
    const roles = rolesOf(path, tableNames(file), options);
    const table = (name: string | null): Table | null => (name === null ? null : openTable(file, name, path, bytes));
    const base = openTable(file, roles.vectors, path, bytes);
    const queries = table(roles.queries);
    const neighbours = queries && table(roles.truth);
    if (queries && queries.columns !== base.columns) {
      throw fileError(
        path,
        {},
        `"${base.name}" has ${base.columns} dimensions and "${queries.name}" ${queries.columns}.`,
      );
    }
    if (queries && neighbours && neighbours.rows !== queries.rows) {
      throw fileError(
        path,
        {},
        `"${queries.name}" has ${queries.rows} rows and "${neighbours.name}" ${neighbours.rows}.`,
      );
    }
    const packed = packedBits(file, base.columns);
    return {
      contents: {
        bytes,
        rows: base.rows,
        dimensions: packed ?? base.columns,
        queries: queries?.rows ?? 0,
        distance: textAttribute(file, 'distance'),
      },
      vectors(name, start) {
        const from = (name === 'base' ? base : queries)!;
        const numbers = readSlice(from, start, Math.min(from.rows, start + from.rowsPerSlice), path);
        return packed === null ? Float32Array.from(numbers) : unpackBits(numbers, from.columns, packed);
      },
      neighbours: () => neighbours && readNeighbours(neighbours, path),
    };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): PgvtuneError {
  if (error instanceof PgvtuneError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // HDF5 prints its stack of calls; the innermost one knows the reason.
  const reason = message.match(/(?<=\(\): ).*/g)?.at(-1) ?? message.split('\n')[0];
  return fileError(path, {}, `cannot be read as HDF5 (${reason}).`, {
    hint: 'The file is cut off, damaged or of another format.',
  });
}

function textAttribute(file: Hdf5File, name: string): string | null {
  const value: unknown = file.attrs[name]?.value;
  return typeof value === 'string' ? value : null;
}

/** VIBE keeps eight bits a byte, and says of how many dimensions they are; null when the file is none of those. */
function packedBits(file: Hdf5File, columns: number): number | null {
  if (textAttribute(file, 'point_type') !== 'binary') return null;
  const dimensions = Number(file.attrs['dimension']?.value);
  return Number.isInteger(dimensions) && Math.ceil(dimensions / 8) === columns && dimensions !== columns
    ? dimensions
    : null;
}

/** The highest bit of a byte comes first, as `numpy.packbits` has it. */
function unpackBits(bytes: ArrayLike<number>, bytesPerRow: number, dimensions: number): Float32Array<ArrayBuffer> {
  const rows = bytes.length / bytesPerRow;
  const bits = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < dimensions; i++) {
      bits[row * dimensions + i] = (bytes[row * bytesPerRow + (i >> 3)]! >> (7 - (i & 7))) & 1;
    }
  }
  return bits;
}

function readSlice(table: Table, from: number, to: number, path: string): ArrayLike<number> {
  try {
    return table.read(from, to);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readNeighbours(table: Table, path: string): DeclaredNeighbours {
  const rows = new Int32Array(table.rows * table.columns);
  for (let start = 0; start < table.rows; start += table.rowsPerSlice) {
    const end = Math.min(table.rows, start + table.rowsPerSlice);
    rows.set(readSlice(table, start, end, path), start * table.columns);
  }
  return { k: table.columns, rows };
}
