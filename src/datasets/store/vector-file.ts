import { createHash } from 'node:crypto';
import { readSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import type { Block } from './dataset.js';

/*
 * Matrices of float32 on disk: little-endian, row-major, no header. Typed arrays are written as they lie in memory:
 * every platform that Node 20 supports for this program is little-endian.
 */

const BUFFER_BYTES = 1024 * 1024;

/** Writes vectors one after another, hashing on the way. */
export interface VectorWriter {
  readonly rows: number;
  append(vectors: Float32Array): Promise<void>;
  /** Waits until the disk has it. Gives the SHA-256 of the file. */
  finish(): Promise<string>;
  close(): Promise<void>;
}

export async function createVectorWriter(path: string, dimensions: number): Promise<VectorWriter> {
  const handle = await open(path, 'wx');
  const hash = createHash('sha256');
  const rowsPerBuffer = Math.max(1, Math.floor(BUFFER_BYTES / (4 * dimensions)));
  const buffer = new Float32Array(rowsPerBuffer * dimensions);
  let filled = 0;
  let rows = 0;

  const flush = async (): Promise<void> => {
    const bytes = new Uint8Array(buffer.buffer, 0, filled * 4);
    hash.update(bytes);
    await writeAll(handle, bytes);
    filled = 0;
  };
  return {
    get rows() {
      return rows;
    },
    async append(vectors) {
      for (let from = 0; from < vectors.length;) {
        const part = vectors.subarray(from, from + buffer.length - filled);
        buffer.set(part, filled);
        filled += part.length;
        from += part.length;
        if (filled === buffer.length) await flush();
      }
      rows += vectors.length / dimensions;
    },
    async finish() {
      await flush();
      await handle.sync();
      return hash.digest('hex');
    },
    close: () => handle.close(),
  };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length;) from += (await handle.write(bytes, from)).bytesWritten;
}

/** Rows from first to last in blocks; each block's array is overwritten by the next. */
export async function* readBlocks(
  path: string,
  shape: { readonly rows: number; readonly dimensions: number },
  rowsPerBlock: number = Math.max(1, Math.floor(BUFFER_BYTES / (4 * shape.dimensions))),
): AsyncGenerator<Block> {
  const { dimensions } = shape;
  const buffer = new Float32Array(Math.min(rowsPerBlock, shape.rows) * dimensions);
  const handle = await open(path);
  try {
    for (let start = 0; start < shape.rows; start += rowsPerBlock) {
      const rows = Math.min(rowsPerBlock, shape.rows - start);
      const values = buffer.subarray(0, rows * dimensions);
      await readExactly(handle, new Uint8Array(buffer.buffer, 0, values.byteLength), start * dimensions * 4);
      yield { start, rows, dimensions, values };
    }
  } finally {
    await handle.close();
  }
}

/** Fills `target` from a file that is known to be long enough. */
async function readExactly(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < target.length;) {
    const { bytesRead } = await handle.read(
      target,
      done,
      Math.min(target.length - done, BUFFER_BYTES),
      position + done,
    );
    if (bytesRead === 0)
      throw new Error(`Expected ${target.length} bytes at ${position}, the file ended after ${done}.`);
    done += bytesRead;
  }
}

/** One vector of an open file. */
export function readVector(descriptor: number, row: number, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  const bytes = new Uint8Array(vector.buffer);
  for (let done = 0; done < bytes.length;) {
    const read = readSync(descriptor, bytes, done, bytes.length - done, row * dimensions * 4 + done);
    if (read === 0) throw new Error(`Expected ${bytes.length} bytes of row ${row}, the file ended after ${done}.`);
    done += read;
  }
  return vector;
}
