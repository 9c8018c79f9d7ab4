import { open } from 'node:fs/promises';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as zlib from 'node:zlib';
import { fileError } from '../file-error.js';

const BUFFER_CHARACTERS = 256 * 1024;

/** Node has it from 22.15 on. */
const { createZstdCompress } = zlib as { readonly createZstdCompress?: () => Duplex };

/** Writes lines to `path`, compressed when `finalPath` ends with `.gz` or `.zst`. */
export async function writeLines(path: string, finalPath: string, lines: AsyncIterable<string>): Promise<void> {
  const text = Readable.from(inChunks(lines));
  const compressor = compressorFor(finalPath);
  // By its path alone the stream would open the file later, perhaps after a failure has had it removed.
  const file = (await open(path, 'w')).createWriteStream();
  await (compressor === null ? pipeline(text, file) : pipeline(text, compressor, file));
}

function compressorFor(path: string): Duplex | null {
  const lower = path.toLowerCase();
  if (lower.endsWith('.gz')) return zlib.createGzip();
  if (!lower.endsWith('.zst')) return null;
  if (createZstdCompress) return createZstdCompress();
  throw fileError(path, {}, `Node ${process.versions.node} can read Zstandard but not write it.`, {
    hint: 'Write .gz, or use Node 22.15 or newer.',
  });
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
