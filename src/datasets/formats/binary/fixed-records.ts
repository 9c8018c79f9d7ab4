import { basename } from 'node:path';
import { MAX_DIMENSIONS } from '../../store/manifest.js';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { formatCount } from '../../../units.js';
import { rowsPerBatch } from '../batches.js';
import { ELEMENT_BYTES, toFloat32, type ElementType } from './element-types.js';
import { fileError, placeIn } from '../file-error.js';
import { nameOfFile, openInput, type InputFile } from '../input-file.js';
import { recognise } from './recognise.js';

/** A binary file that is a header and then records of equal size. */
export interface RecordLayout {
  readonly format: string;
  readonly type: ElementType;
  /** Default: the lowest byte first. */
  readonly isBigEndian?: boolean;
  /** One dimension of all rows after another (Fortran), instead of one row after another. */
  readonly isColumnMajor?: boolean;
  readonly dimensions: number;
  readonly rows: number;
  /** Where the first record starts. */
  readonly offset: number;
  /** Bytes of each record before its numbers. */
  readonly prefixBytes: number;
  /** Bytes that may follow the last record; nobody reads them. */
  readonly mayFollow?: number;
  /** Refuses a record by its prefix. */
  readonly checkPrefix?: (prefix: DataView, row: number) => void;
  /** Where the header counts the rows, so that a wrong count can be mended; absent where it does not. */
  readonly rowCountAt?: number;
}

const recordBytes = ({ prefixBytes, dimensions, type }: RecordLayout): number =>
  prefixBytes + dimensions * ELEMENT_BYTES[type];

/**
 * A file of records as a source. The layout is told by the file's head, and checked against the file's size before
 * anything is allocated.
 */
export async function fixedRecordSource(
  path: string,
  layoutOf: (file: InputFile) => Promise<RecordLayout>,
): Promise<DatasetSource> {
  const file = await openInput(path);
  try {
    const layout = await layoutOf(file);
    await checkSize(file, layout);
    return {
      name: nameOfFile(path),
      dimensions: layout.dimensions,
      metric: null,
      synthetic: false,
      textColumn: null,
      provenance: { file: basename(path), format: layout.format, bytes: file.size },
      expectedRows: layout.rows,
      base: () => (layout.isColumnMajor ? readColumns(path, layout) : readRecords(path, layout)),
      queries: () => null,
      locate: (_, row) =>
        placeIn(path, layout.isColumnMajor ? { row } : { byte: layout.offset + row * recordBytes(layout) }),
      declaredNeighbours: async () => null,
      close: () => {},
    };
  } finally {
    await file.close();
  }
}

/** @throws {PgvtuneError} `dataset` for a number of dimensions that no vector column can have, with what the file is instead */
export async function checkHeaderDimensions(file: InputFile, dimensions: number, byte: number): Promise<void> {
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MAX_DIMENSIONS) return;
  const message = `expected 1 to ${formatCount(MAX_DIMENSIONS)} dimensions, got ${formatCount(dimensions)}`;
  throw await misfit(file, byte, message);
}

async function misfit(file: InputFile, byte: number, message: string): Promise<Error> {
  const other = await recognise(file);
  if (other === null || file.path.toLowerCase().endsWith(other.end)) {
    return fileError(file.path, { byte }, `${message}.`, {
      hint: 'The file is cut off, damaged, or of another format than its name says.',
    });
  }
  return fileError(file.path, { byte }, `${message}: it is ${other.is}.`, {
    hint: `Let its name end with ${other.end}.`,
  });
}

async function checkSize(file: InputFile, layout: RecordLayout): Promise<void> {
  const { rows, dimensions, offset, mayFollow = 0, rowCountAt } = layout;
  const expected = offset + rows * recordBytes(layout);
  if (rows >= 1 && (file.size === expected || file.size === expected + mayFollow)) return;
  const place = Math.min(file.size, expected);
  const wholeRows = (file.size - offset) / recordBytes(layout);
  const message = `expected ${formatCount(expected)} bytes for ${formatCount(rows)} rows of ${dimensions} dimensions, got ${formatCount(file.size)}`;
  if (file.size === expected) throw fileError(file.path, {}, `expected rows, got ${formatCount(rows)}.`);
  if (rowCountAt === undefined || !Number.isInteger(wholeRows) || wholeRows < 1)
    throw await misfit(file, place, message);
  const count = `struct.pack("<I", ${wholeRows})`;
  throw fileError(
    file.path,
    { byte: rowCountAt },
    `the header counts ${formatCount(rows)} rows of ${dimensions} dimensions, and there are ${formatCount(wholeRows)}: it is that of another file, of which this is a part, or the file is cut off.`,
    { hint: `Correct it: python3 -c 'import struct; open("${basename(file.path)}", "r+b").write(${count})'.` },
  );
}

async function* readRecords(path: string, layout: RecordLayout): AsyncGenerator<SourceBatch> {
  const { dimensions, offset, prefixBytes, type, checkPrefix, isBigEndian } = layout;
  const stride = recordBytes(layout);
  const perBatch = Math.min(rowsPerBatch(dimensions), layout.rows);
  const buffer = new Uint8Array(perBatch * stride);
  const file = await openInput(path);
  try {
    for (let start = 0; start < layout.rows; start += perBatch) {
      const rows = Math.min(perBatch, layout.rows - start);
      const bytes = await file.read(offset + start * stride, offset + (start + rows) * stride, buffer);
      for (let i = 0; i < rows; i++) checkPrefix?.(new DataView(bytes.buffer, i * stride, prefixBytes), start + i);
      const numbers = prefixBytes === 0 ? bytes : withoutPrefixes(bytes, stride, prefixBytes);
      yield { rows, vectors: toFloat32(numbers, type, isBigEndian), ids: null, attributes: null, texts: null };
    }
  } finally {
    await file.close();
  }
}

/** Rows to turn at once: each dimension is read apart, and reads should not be tiny. */
const TURNED_BYTES = 64 * 1024 * 1024;

async function* readColumns(path: string, layout: RecordLayout): AsyncGenerator<SourceBatch> {
  const { dimensions, offset, type, isBigEndian, rows: allRows } = layout;
  const bytes = ELEMENT_BYTES[type];
  const perPass = Math.max(1, Math.min(allRows, Math.floor(TURNED_BYTES / (4 * dimensions))));
  const perBatch = rowsPerBatch(dimensions);
  const turned = new Float32Array(perPass * dimensions);
  const file = await openInput(path);
  try {
    for (let start = 0; start < allRows; start += perPass) {
      const rows = Math.min(perPass, allRows - start);
      for (let dimension = 0; dimension < dimensions; dimension++) {
        const from = offset + (dimension * allRows + start) * bytes;
        const column = toFloat32(await file.read(from, from + rows * bytes), type, isBigEndian);
        for (let row = 0; row < rows; row++) turned[row * dimensions + dimension] = column[row]!;
      }
      for (let first = 0; first < rows; first += perBatch) {
        const count = Math.min(perBatch, rows - first);
        const vectors = turned.slice(first * dimensions, (first + count) * dimensions);
        yield { rows: count, vectors, ids: null, attributes: null, texts: null };
      }
    }
  } finally {
    await file.close();
  }
}

function withoutPrefixes(bytes: Uint8Array<ArrayBuffer>, stride: number, prefixBytes: number): Uint8Array<ArrayBuffer> {
  const rows = bytes.length / stride;
  const rest = stride - prefixBytes;
  const numbers = new Uint8Array(rows * rest);
  for (let i = 0; i < rows; i++) numbers.set(bytes.subarray(i * stride + prefixBytes, (i + 1) * stride), i * rest);
  return numbers;
}
