import { open } from 'node:fs/promises';
import { formatCount } from '../../../units.js';
import type { ExportTable } from '../export-table.js';
import { fileError } from '../file-error.js';

/** How a binary file holds vectors: a header, and then one vector after another. */
export interface BinaryLayout {
  readonly header: Uint8Array;
  /** Stands before the numbers of each vector. */
  readonly prefix: Uint8Array;
  readonly type: 'float32' | 'int8' | 'uint8' | 'int32';
}

const INTEGERS = {
  int8: { array: Int8Array, min: -128, max: 127 },
  uint8: { array: Uint8Array, min: 0, max: 255 },
  int32: { array: Int32Array, min: -(2 ** 31), max: 2 ** 31 - 1 },
} as const;

/**
 * Writes the vectors of a table to `path`.
 *
 * @param finalPath what the file will be called, for messages
 * @throws {PgvtuneError} `dataset` for a number that the type cannot hold as it is
 */
export async function writeBinary(
  table: ExportTable,
  path: string,
  finalPath: string,
  { header, prefix, type }: BinaryLayout,
): Promise<void> {
  const file = await open(path, 'w');
  let start = 0;
  try {
    await file.writeFile(header);
    for await (const { rows, dimensions, values } of table.blocks()) {
      const integers = type === 'float32' ? null : INTEGERS[type];
      const numbers = integers ? integers.array.from(values) : values;
      const misfit = integers ? numbers.findIndex((number, i) => number !== values[i]) : -1;
      if (integers && misfit >= 0) {
        const { min, max } = integers;
        throw fileError(
          finalPath,
          { row: start + Math.floor(misfit / dimensions) },
          `expected whole numbers from ${formatCount(min)} to ${formatCount(max)}, got ${values[misfit]} at position ${(misfit % dimensions) + 1}.`,
          { hint: 'Write a format that keeps float32, such as .fbin.' },
        );
      }
      await file.writeFile(withPrefixes(bytesOf(numbers), rows, prefix));
      start += rows;
    }
  } finally {
    await file.close();
  }
}

/** Puts the same bytes before each row. */
export function withPrefixes(bytes: Uint8Array, rows: number, prefix: Uint8Array): Uint8Array {
  if (prefix.length === 0) return bytes;
  const rowBytes = bytes.length / rows;
  const stride = prefix.length + rowBytes;
  const records = new Uint8Array(rows * stride);
  for (let row = 0; row < rows; row++) {
    records.set(prefix, row * stride);
    records.set(bytes.subarray(row * rowBytes, (row + 1) * rowBytes), row * stride + prefix.length);
  }
  return records;
}

/** Numbers as they lie in memory: little-endian. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
