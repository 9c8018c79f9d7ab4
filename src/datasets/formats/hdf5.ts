import { basename } from 'node:path';
import type { Dataset as Hdf5Dataset, File as Hdf5File } from 'h5wasm/node';
import { PgvtuneError } from '../../errors.js';
import { formatBytes, formatCount } from '../../units.js';
import { metricSchema } from '../../vocabulary.js';
import type { DeclaredNeighbours } from '../dataset.js';
import { MAX_DIMENSIONS } from '../manifest.js';
import type { DatasetSource, SourceBatch } from '../source.js';
import { fileError, placeIn } from './file-error.js';
import type { FileFormat } from './format.js';
import { loadHdf5 } from './hdf5-library.js';
import { DISTANCES, writeHdf5 } from './hdf5-write.js';
import { inputSize, nameOfFile } from './input-file.js';

/** HDF5 as in ann-benchmarks: `train`, and if they are there `test` and `neighbors`; attribute `distance`. */
export const hdf5: FileFormat = {
  name: 'HDF5',
  extensions: ['.hdf5', '.h5'],
  open: openHdf5,
  write: writeHdf5,
};

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

async function openHdf5(path: string): Promise<DatasetSource> {
  const bytes = await inputSize(path);
  const h5wasm = await loadHdf5();
  const reading = <T>(read: () => T): T => {
    try {
      return read();
    } catch (error) {
      if (error instanceof PgvtuneError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw fileError(path, {}, `cannot be read as HDF5 (${reason.split('\n')[0]}).`, {
        hint: 'The file is cut off, damaged or of another format.',
        cause: error,
      });
    }
  };
  const file = reading(() => new h5wasm.File(path, 'r'));
  try {
    return reading(() => describe(file, path, bytes, reading));
  } catch (error) {
    file.close();
    throw error;
  }
}

function describe(file: Hdf5File, path: string, bytes: number, reading: <T>(read: () => T) => T): DatasetSource {
  const names = file.keys();
  const table = (name: string): Table | null => (names.includes(name) ? openTable(file, name, path, bytes) : null);
  const train = table('train');
  if (train === null) {
    throw fileError(path, {}, `expected a dataset "train" as in ann-benchmarks, got ${names.join(', ') || 'none'}.`);
  }
  const test = table('test');
  const neighbours = test && table('neighbors');
  for (const other of test ? [test] : []) {
    if (other.columns !== train.columns) {
      throw fileError(path, {}, `"train" has ${train.columns} dimensions and "test" ${other.columns}.`);
    }
  }
  if (test && neighbours && neighbours.rows !== test.rows) {
    throw fileError(path, {}, `"test" has ${test.rows} rows and "neighbors" ${neighbours.rows}.`);
  }
  const distance: unknown = file.attrs['distance']?.value;

  return {
    name: nameOfFile(path),
    dimensions: train.columns,
    metric: metricSchema.options.find((metric) => distance !== undefined && DISTANCES[metric] === distance) ?? null,
    synthetic: false,
    textColumn: null,
    provenance: {
      file: basename(path),
      format: hdf5.name,
      bytes,
      ...(typeof distance === 'string' ? { distance } : {}),
    },
    expectedRows: train.rows,
    base: () => batches(train, reading),
    queries: () => test && batches(test, reading),
    locate: (which) => placeIn(path, {}) + (which === 'base' ? ', dataset train' : ', dataset test'),
    declaredNeighbours: async () => neighbours && reading(() => readNeighbours(neighbours)),
    close: () => {
      file.close();
    },
  };
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
    throw fileError(path, {}, `expected "${name}" to hold little-endian integers, float32 or float64.`);
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

async function* batches(table: Table, reading: <T>(read: () => T) => T): AsyncGenerator<SourceBatch> {
  for (let start = 0; start < table.rows; start += table.rowsPerSlice) {
    const rows = Math.min(table.rowsPerSlice, table.rows - start);
    const values = reading(() => readSlice(table, start, start + rows));
    yield { rows, vectors: Float32Array.from(values), ids: null, attributes: null, texts: null };
  }
}

function readSlice({ data, columns }: Table, from: number, to: number): ArrayLike<number> {
  const values = data.slice([
    [from, to],
    [0, columns],
  ]);
  if (!ArrayBuffer.isView(values) || values instanceof DataView) throw new Error('expected numbers');
  if (values instanceof BigInt64Array || values instanceof BigUint64Array) return Float64Array.from(values, Number);
  return values;
}

function readNeighbours(table: Table): DeclaredNeighbours {
  const rows = new Int32Array(table.rows * table.columns);
  for (let start = 0; start < table.rows; start += table.rowsPerSlice) {
    const end = Math.min(table.rows, start + table.rowsPerSlice);
    rows.set(readSlice(table, start, end), start * table.columns);
  }
  return { k: table.columns, rows };
}
