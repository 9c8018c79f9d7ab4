import { createReadStream, type ReadStream } from 'node:fs';
import { access, constants, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { PgvtuneError } from '../../errors.js';
import { isMissing } from '../store/file-system.js';
import { fileError } from './file-error.js';
import { unzstd } from './text/zstd.js';

/** No single read asks for more: reads of 2 GiB and above fail or abort the process. */
const MAX_READ_BYTES = 64 * 1024 * 1024;

const STREAM_BYTES = 1024 * 1024;

/** Size of a file that can be read and that there is something in. @throws {PgvtuneError} `dataset` */
export async function inputSize(path: string): Promise<number> {
  let file;
  try {
    file = await stat(path);
    await access(path, constants.R_OK);
  } catch (error) {
    if (!isMissing(error)) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PgvtuneError('dataset', `Cannot read ${path} (${reason}).`, { cause: error });
    }
    throw new PgvtuneError('dataset', `There is no file ${path}.`, { hint: 'Check the path.' });
  }
  if (!file.isFile()) throw new PgvtuneError('dataset', `Expected a file, got a folder or device: ${path}.`);
  if (file.size === 0) throw fileError(path, {}, 'the file is empty.');
  return file.size;
}

/** A file that is read at given places. */
export interface InputFile {
  readonly path: string;
  readonly size: number;
  /**
   * Bytes `from` to `to`, at most 64 MiB, in an array of their own or at the start of `into`.
   *
   * @throws {PgvtuneError} `dataset` when the file ends before
   */
  read(from: number, to: number, into?: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

export async function openInput(path: string): Promise<InputFile> {
  const size = await inputSize(path);
  const handle = await open(path);
  return {
    path,
    size,
    async read(from, to, into) {
      if (to > size) {
        throw fileError(
          path,
          { byte: from },
          `expected ${to - from} bytes, and only ${Math.max(0, size - from)} are left.`,
          {
            hint: 'The file is cut off or its header is damaged: fetch it again.',
          },
        );
      }
      if (to - from > MAX_READ_BYTES)
        throw new RangeError(`Expected to read at most ${MAX_READ_BYTES} bytes, got ${to - from}.`);
      const bytes = into?.subarray(0, to - from) ?? new Uint8Array(to - from);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
        if (bytesRead === 0) throw fileError(path, { byte: from + done }, 'the file became shorter while it was read.');
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** Told how many bytes of a file were read so far; of a compressed one, compressed bytes. */
export type OnRead = (bytes: number) => void;

/** The bytes of a text file in chunks, decompressed when its name ends with `.gz` or `.zst`. */
export async function* readText(path: string, onRead?: OnRead): AsyncGenerator<Uint8Array> {
  await inputSize(path);
  const file = createReadStream(path, { highWaterMark: STREAM_BYTES });
  const { text, position } = decompressed(path, file);
  try {
    for await (const chunk of text) {
      yield chunk;
      onRead?.(position());
    }
  } catch (error) {
    if (error instanceof PgvtuneError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw fileError(path, { byte: position() }, `cannot be decompressed or read (${reason}).`, {
      hint: 'The file is cut off or damaged: fetch it again.',
      cause: error,
    });
  } finally {
    file.destroy();
  }
}

/** The text of a file, and how many of the file's bytes it was made of so far. */
interface Decompressed {
  readonly text: AsyncIterable<Uint8Array>;
  readonly position: () => number;
}

function decompressed(path: string, file: ReadStream): Decompressed {
  const lower = path.toLowerCase();
  if (lower.endsWith('.zst')) return unzstd(file);
  if (!lower.endsWith('.gz')) return { text: file, position: () => file.bytesRead };
  const text = createGunzip({ chunkSize: STREAM_BYTES });
  file.on('error', (error) => text.destroy(error));
  return { text: file.pipe(text), position: () => text.bytesWritten };
}

/** `data/Docs.jsonl.gz` → `Docs` */
export const nameOfFile = (path: string): string => basename(path).replace(/(?<=.)\..*$/, '');
