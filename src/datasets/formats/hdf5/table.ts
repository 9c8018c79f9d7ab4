import type { Dataset as Hdf5Dataset, File as Hdf5File, Group } from 'h5wasm/node';
import { formatBytes, formatCount } from '../../../units.js';
import { MAX_DIMENSIONS } from '../../store/manifest.js';
import { toFloat32 } from '../binary/element-types.js';
import { fileError } from '../file-error.js';

const SLICE_BYTES = 4 * 1024 * 1024;
const MAX_CHUNK_BYTES = 256 * 1024 * 1024;
const MAX_DATASETS = 1000;

/** HDF5's type classes (`H5Tpublic.h`). */
const [INTEGER, FLOAT, ENUMERATION, VARIABLE_LENGTH] = [0, 1, 8, 9];

/** A dataset of rows of numbers. */
export interface Table {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  /** Rows to read at once: whole storage chunks where that is possible. */
  readonly rowsPerSlice: number;
  /** Rows `from` to `to`. @throws whatever HDF5 throws, and PgvtuneError for rows of another length */
  readonly read: (from: number, to: number) => ArrayLike<number>;
}

/** Paths of the datasets with rows of numbers, in all groups. */
export function tableNames(file: Hdf5File): string[] {
  const names: string[] = [];
  const visit = (group: Group, prefix: string): void => {
    for (const key of group.keys()) {
      if (names.length >= MAX_DATASETS || prefix.length > 1000) return;
      const entry = group.get(key);
      if (entry === null) continue;
      if ('keys' in entry) visit(entry, `${prefix}${key}/`);
      else if ('metadata' in entry && 'filters' in entry && holdsRows(entry)) names.push(prefix + key);
    }
  };
  visit(file, '');
  return names;
}

function holdsRows({ metadata: { shape, type } }: Hdf5Dataset): boolean {
  return (
    (shape?.length === 2 && (type === INTEGER || type === FLOAT || type === ENUMERATION)) ||
    (shape?.length === 1 && type === VARIABLE_LENGTH)
  );
}

/** @throws {PgvtuneError} `dataset` for what is no matrix of numbers, or claims more than the file has */
export function openTable(file: Hdf5File, name: string, path: string, fileBytes: number): Table {
  const data = file.get(name);
  if (data === null || !('metadata' in data) || !('filters' in data))
    throw fileError(path, {}, `"${name}" is not a dataset of its own.`);
  return data.metadata.type === VARIABLE_LENGTH
    ? openRagged(data, name, path)
    : openMatrix(data, { name, path, fileBytes });
}

function openMatrix(
  data: Hdf5Dataset,
  { name, path, fileBytes }: { readonly name: string; readonly path: string; readonly fileBytes: number },
): Table {
  const { metadata, filters } = data;
  const { shape, type, size, chunks } = metadata;
  const [rows = 0, columns = 0] = shape ?? [];
  if (shape?.length !== 2)
    throw fileError(path, {}, `expected "${name}" to be a matrix, got ${shape?.length ?? 0} dimensions.`);
  const isNumber = type === INTEGER || type === ENUMERATION || type === FLOAT;
  if (!isNumber || ![1, 2, 4, 8].includes(size)) {
    throw fileError(path, {}, `expected "${name}" to hold integers or real numbers of 16, 32 or 64 bits.`, {
      hint: "Write it with h5py as create_dataset(name, data=matrix.astype('<f4')).",
    });
  }
  checkShape(path, name, rows, columns);
  if (filters.length === 0 && rows * columns * size > fileBytes) {
    const needed = rows * columns * size;
    throw fileError(
      path,
      {},
      `"${name}" needs ${formatCount(needed)} bytes, and the file has ${formatCount(fileBytes)}.`,
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
  const slice = sliceOf(data);
  return {
    name,
    rows,
    columns,
    rowsPerSlice: whole * rowBytes <= MAX_CHUNK_BYTES ? whole : wanted,
    read(from, to) {
      const values = slice(from, to, columns);
      if (values !== null) return values;
      throw fileError(path, { row: from }, `expected "${name}" to hold numbers.`);
    },
  };
}

function checkShape(path: string, name: string, rows: number, columns: number): void {
  if (rows >= 1 && columns >= 1 && columns <= Math.max(MAX_DIMENSIONS, 100_000)) return;
  throw fileError(path, {}, `"${name}" has the shape ${formatCount(rows)} × ${formatCount(columns)}.`);
}

type Slice = (from: number, to: number, columns: number) => ArrayLike<number> | null;

/** h5wasm does not know half precision: their bits are read as integers, and made numbers here. */
function sliceOf(data: Hdf5Dataset): Slice {
  const { metadata } = data;
  const isHalf = metadata.type === FLOAT && metadata.size === 2;
  if (isHalf) Object.defineProperty(data, 'metadata', { value: { ...metadata, type: INTEGER, signed: false } });
  return (from, to, columns) => {
    const values = data.slice([
      [from, to],
      [0, columns],
    ]);
    if (isHalf && values instanceof Uint16Array)
      return toFloat32(new Uint8Array(Uint16Array.from(values).buffer), 'float16');
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
    return ArrayBuffer.isView(values) && !(values instanceof DataView) ? values : null;
  };
}

/** Rows of variable length, all of which have the same. */
function openRagged(data: Hdf5Dataset, name: string, path: string): Table {
  const rows = data.metadata.shape?.[0] ?? 0;
  const readRows = (from: number, to: number): ArrayLike<number>[] => {
    const values: unknown = data.slice([[from, to]]);
    if (Array.isArray(values) && values.every((row) => ArrayBuffer.isView(row))) return values as never;
    throw fileError(path, { row: from }, `expected "${name}" to hold rows of numbers.`);
  };
  const columns = rows > 0 ? readRows(0, 1)[0]!.length : 0;
  checkShape(path, name, rows, columns);
  return {
    name,
    rows,
    columns,
    rowsPerSlice: Math.max(1, Math.floor(SLICE_BYTES / (8 * columns))),
    read(from, to) {
      const numbers = new Float64Array((to - from) * columns);
      for (const [i, row] of readRows(from, to).entries()) {
        if (row.length !== columns) {
          throw fileError(path, { row: from + i }, `"${name}" has rows of ${columns} and of ${row.length} numbers.`, {
            hint: 'Sparse sets of ann-benchmarks, whose rows differ in length, cannot be loaded into a vector column.',
          });
        }
        numbers.set(row, i * columns);
      }
      return numbers;
    },
  };
}
