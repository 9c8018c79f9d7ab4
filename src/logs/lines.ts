import { isUtf8 } from 'node:buffer';
import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { PgvtuneError } from '../errors.js';

const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 10;
/** What is longer is no line of a log. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const WINDOWS_1252 = new TextDecoder('windows-1252');

/** @throws {PgvtuneError} `usage` where there is no such file, or it cannot be read */
export async function checkLogFile(path: string): Promise<{ readonly bytes: number }> {
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (stat.isFile()) return { bytes: stat.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw new PgvtuneError('usage', `--log: ${path} cannot be read.`, {
      hint: 'Check the path, and that you may read the file: logs often belong to the user that the server runs as.',
      cause: error,
    });
  }
  throw new PgvtuneError('usage', `--log: ${path} is no file.`, { hint: 'Name the files of the log one by one.' });
}

/**
 * The lines of a log, many at a time; decompressed where the file is gzip. Each database writes in an encoding of its own, so a
 * line that is no UTF-8 is taken as Windows-1252: that is right for Latin-1, and keeps ASCII in all others.
 *
 * @param onRead told the bytes of the file that were read so far
 * @throws {PgvtuneError} `usage` for a damaged file
 */
export async function* logLines(path: string, onRead: (bytes: number) => void): AsyncGenerator<readonly string[]> {
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of isGzip(await firstBytes(path)) ? unzipped(file) : file) {
      const bytes = Buffer.concat([rest, chunk as Buffer]);
      const end = bytes.lastIndexOf(LINE_FEED) + 1;
      rest = bytes.subarray(end);
      if (rest.length > MAX_LINE_BYTES) throw notALog(path, undefined);
      if (end > 0) yield decoded(bytes.subarray(0, end - 1));
      onRead(file.bytesRead);
    }
  } catch (error) {
    if (error instanceof PgvtuneError) throw error;
    // A server that is still writing, or a copy that was cut off: what came before is good.
    if ((error as NodeJS.ErrnoException).code !== 'Z_BUF_ERROR') throw notALog(path, error);
  } finally {
    file.destroy();
  }
  if (rest.length > 0) yield decoded(rest);
}

function unzipped(file: ReadStream): AsyncIterable<Buffer> {
  const text = createGunzip({ chunkSize: CHUNK_BYTES });
  file.on('error', (error) => text.destroy(error));
  return file.pipe(text);
}

const notALog = (path: string, cause: unknown): PgvtuneError =>
  new PgvtuneError('usage', `--log: ${path} cannot be read as lines of text.`, {
    hint: 'Give files of the server log: csvlog, jsonlog or stderr, as they are or with gzip.',
    cause,
  });

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  await file.close();
  return buffer.subarray(0, bytesRead);
}

const isGzip = (bytes: Buffer): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

function decoded(bytes: Buffer): readonly string[] {
  if (isUtf8(bytes)) return bytes.toString('utf8').split(/\r?\n/);
  const lines: string[] = [];
  for (let from = 0; from <= bytes.length;) {
    const found = bytes.indexOf(LINE_FEED, from);
    const end = found < 0 ? bytes.length : found;
    const line = bytes.subarray(from, end);
    lines.push((isUtf8(line) ? line.toString('utf8') : WINDOWS_1252.decode(line)).replace(/\r$/, ''));
    from = end + 1;
  }
  return lines;
}
