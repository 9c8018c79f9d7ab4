import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { fileError } from './file-error.js';

const BUFFER_CHARACTERS = 256 * 1024;

/** Writes lines to `path`, compressed when `finalPath` ends with `.gz`. */
export async function writeLines(path: string, finalPath: string, lines: AsyncIterable<string>): Promise<void> {
  const lower = finalPath.toLowerCase();
  if (lower.endsWith('.zst')) {
    throw fileError(finalPath, {}, 'Zstandard can only be read.', { hint: 'Write .gz instead.' });
  }
  const text = Readable.from(inChunks(lines));
  const file = createWriteStream(path);
  await (lower.endsWith('.gz') ? pipeline(text, createGzip(), file) : pipeline(text, file));
}

async function* inChunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = '';
  for await (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < BUFFER_CHARACTERS) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
