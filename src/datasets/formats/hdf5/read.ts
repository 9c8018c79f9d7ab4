import type { Dataset as Hdf5Dataset, File as Hdf5File } from 'h5wasm/node';
import { PgvtuneError } from '../../../errors.js';
import { formatBytes, formatCount } from '../../../units.js';
import type { DeclaredNeighbours } from '../../store/dataset.js';
import { MAX_DIMENSIONS } from '../../store/manifest.js';
import { fileError } from '../file-error.js';
import { loadHdf5 } from './library.js';
import { inputSize } from '../input-file.js';

const SLICE_BYTES = 4 * 1024 * 1024;
const MAX_CHUNK_BYTES = 256 * 1024 * 1024;

/** HDF5's type classes (`H5Tpublic.h`). */
const INTEGER = 0;
const FLOAT = 1;
const ENUMERATION = 8;

interface Table {
  readonly name: string;
  readonly data: Hdf5Dataset;
  readonly rows: number;
  readonly columns: number;
  /** Rows to read at once: whole storage chunks where that is possible. */
  readonly rowsPerSlice: number;
}

/** What an ann-benchmarks file holds: `train`, and if they are there `test` and `neighbors`; attribute `distance`. */
export interface Hdf5Contents {
  readonly bytes: number;
  readonly rows: number;
  readonly dimensions: number;
  /** 0 when there is no `test`. */
  readonly queries: number;
  /** In ann-benchmarks' words; null when the file does not say. */
  readonly distance: string | null;
}

export interface Hdf5Reader {
  readonly contents: Hdf5Contents;
  /** Whole rows of `train` or `test`, from row `start` on, as many as are best read together. */
  readonly vectors: (table: 'train' | 'test', start: number) => Float32Array<ArrayBuffer>;
  readonly neighbours: () => DeclaredNeighbours | null;
}

/**
 * Opens a file for reading. Damaged files may make HDF5 throw, and may make it hang: this belongs into a thread of its
 * own, which ends when the reading ends.
 *
 * @throws {PgvtuneError} `dataset`
 */
export async function openHdf5(path: string): Promise<Hdf5Reader> {
  const bytes = await inputSize(path);
  const h5wasm = await loadHdf5();
  try {
    const file = new h5wasm.File(path, 'r');
    const names = file.keys();
    const table = (name: string): Table | null => (names.includes(name) ? openTable(file, name, path, bytes) : null);
    const train = table('train');
    const test = table('test');
    const neighbours = test && table('neighbors');
    if (train === null) {
      throw fileError(path, {}, `expected a dataset "train" as in ann-benchmarks, got ${names.join(', ') || 'none'}.`);
    }
    if (test && test.columns !== train.columns) {
      throw fileError(path, {}, `"train" has ${train.columns} dimensions and "test" ${test.columns}.`);
    }
    if (test && neighbours && neighbours.rows !== test.rows) {
      throw fileError(path, {}, `"test" has ${test.rows} rows and "neighbors" ${neighbours.rows}.`);
    }
    const distance: unknown = file.attrs['distance']?.value;
    return {
      contents: {
        bytes,
        rows: train.rows,
        dimensions: train.columns,
        queries: test?.rows ?? 0,
        distance: typeof distance === 'string' ? distance : null,
      },
      vectors(name, start) {
        const from = (name === 'train' ? train : test)!;
        return Float32Array.from(readSlice(from, start, Math.min(from.rows, start + from.rowsPerSlice), path));
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

function openTable(file: Hdf5File, name: string, path: string, fileBytes: number): Table {
  const data = file.get(name);
  if (data === null || !('metadata' in data) || !('filters' in data))
    throw fileError(path, {}, `"${name}" is not a dataset of its own.`);
  const { metadata, filters } = data;
  const { shape, type, size, littleEndian, chunks } = metadata;
  const [rows = 0, columns = 0] = shape ?? [];
  if (shape?.length !== 2) {
    throw fileError(path, {}, `expected "${name}" to be a matrix, got ${shape?.length ?? 0} dimensions.`, {
      hint: 'Sparse sets of ann-benchmarks, whose rows differ in length, cannot be loaded into a vector column.',
    });
  }
  const isNumber = type === INTEGER || type === ENUMERATION || (type === FLOAT && size >= 4);
  if (!isNumber || !littleEndian || ![1, 2, 4, 8].includes(size)) {
    throw fileError(path, {}, `expected "${name}" to hold little-endian integers, float32 or float64.`, {
      hint: "Write it with h5py as create_dataset(name, data=matrix.astype('<f4')).",
    });
  }
  if (rows < 1 || columns < 1 || columns > Math.max(MAX_DIMENSIONS, 100_000)) {
    throw fileError(path, {}, `"${name}" has the shape ${formatCount(rows)} × ${formatCount(columns)}.`);
  }
  if (filters.length === 0 && rows * columns * size > fileBytes) {
    throw fileError(
      path,
      {},
      `"${name}" needs ${formatCount(rows * columns * size)} bytes, and the file has ${formatCount(fileBytes)}.`,
      {
        hint: 'The file is cut off: fetch it again.',
      },
    );
  }
  const rowBytes = columns * size;
  const chunkRows = chunks?.[0] ?? 1;
  const chunkBytes = (chunks ?? []).reduce((product, length) => product * length, size);
  if (chunkBytes > MAX_CHUNK_BYTES) {
    throw fileError(path, {}, `"${name}" is stored in chunks of ${formatBytes(chunkBytes)}.`, {
      hint: `Write it in chunks of at most ${formatBytes(MAX_CHUNK_BYTES)}.`,
    });
  }
  const wanted = Math.max(1, Math.floor(SLICE_BYTES / rowBytes));
  const whole = Math.max(1, Math.floor(wanted / chunkRows)) * chunkRows;
  return { name, data, rows, columns, rowsPerSlice: whole * rowBytes <= MAX_CHUNK_BYTES ? whole : wanted };
}

function readSlice({ data, name, columns }: Table, from: number, to: number, path: string): ArrayLike<number> {
  try {
    const values = data.slice([
      [from, to],
      [0, columns],
    ]);
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
    if (ArrayBuffer.isView(values) && !(values instanceof DataView)) return values;
    throw fileError(path, { row: from }, `expected "${name}" to hold numbers.`);
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
