import { basename } from 'node:path';
import { MAX_DIMENSIONS } from '../../store/manifest.js';
import type { DatasetSource, SourceBatch } from '../../import/source.js';
import { formatCount } from '../../../units.js';
import { rowsPerBatch } from '../batches.js';
import { ELEMENT_BYTES, toFloat32, type ElementType } from './element-types.js';
import { fileError, placeIn } from '../file-error.js';
import { nameOfFile, openInput, type InputFile } from '../input-file.js';

/** A binary file that is a header and then records of equal size. */
export interface RecordLayout {
  readonly format: string;
  readonly type: ElementType;
  readonly dimensions: number;
  readonly rows: number;
  /** Where the first record starts. */
  readonly offset: number;
  /** Bytes of each record before its numbers. */
  readonly prefixBytes: number;
  /** Bytes that may stand behind the last record, or not at all; nobody reads them. */
  readonly mayFollow?: number;
  /** Refuses a record by its prefix. */
  readonly checkPrefix?: (prefix: DataView, row: number) => void;
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
    checkSize(file, layout);
    return {
      name: nameOfFile(path),
      dimensions: layout.dimensions,
      metric: null,
      synthetic: false,
      textColumn: null,
      provenance: { file: basename(path), format: layout.format, bytes: file.size },
      expectedRows: layout.rows,
      base: () => readRecords(path, layout),
      queries: () => null,
      locate: (_, row) => placeIn(path, { byte: layout.offset + row * recordBytes(layout) }),
      declaredNeighbours: async () => null,
      close: () => {},
    };
  } finally {
    await file.close();
  }
}

/** @throws {PgvtuneError} `dataset` for a number of dimensions that no vector column can have */
export function checkHeaderDimensions(path: string, dimensions: number, byte: number): void {
  if (Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= MAX_DIMENSIONS) return;
  throw fileError(
    path,
    { byte },
    `expected 1 to ${formatCount(MAX_DIMENSIONS)} dimensions, got ${formatCount(dimensions)}.`,
    {
      hint: 'The file is damaged, or of another format than its name says.',
    },
  );
}

function checkSize(file: InputFile, layout: RecordLayout): void {
  const { rows, dimensions, offset, mayFollow = 0 } = layout;
  const expected = offset + rows * recordBytes(layout);
  if (rows < 1) throw fileError(file.path, {}, `expected rows, got ${formatCount(rows)}.`);
  if (file.size !== expected && file.size !== expected + mayFollow) {
    throw fileError(
      file.path,
      { byte: Math.min(file.size, expected) },
      `expected ${formatCount(expected)} bytes for ${formatCount(rows)} rows of ${dimensions} dimensions, got ${formatCount(file.size)}.`,
      { hint: 'The file is cut off, damaged, or of another format than its name says.' },
    );
  }
}

async function* readRecords(path: string, layout: RecordLayout): AsyncGenerator<SourceBatch> {
  const { dimensions, offset, prefixBytes, type, checkPrefix } = layout;
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
      yield { rows, vectors: toFloat32(numbers, type), ids: null, attributes: null, texts: null };
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
