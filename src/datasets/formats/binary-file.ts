import { open } from 'node:fs/promises';
import type { ExportTable } from './export-table.js';

/** Writes a header and then one encoded block of vectors after another. */
export async function writeBinary(
  path: string,
  header: Uint8Array,
  table: ExportTable,
  encode: (values: Float32Array, dimensions: number) => Uint8Array,
): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(header);
    for await (const { values, dimensions } of table.blocks()) await file.writeFile(encode(values, dimensions));
  } finally {
    await file.close();
  }
}

/** The bytes of float32 numbers as they lie in memory: little-endian. */
export const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
