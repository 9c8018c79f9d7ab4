import { fileError, type Place } from '../file-error.js';

/** @param bytes around what is no UTF-8 */
export function notUtf8(path: string, place: Place, bytes: Uint8Array): Error {
  const isUtf16 =
    (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes.includes(0);
  const isLatin = !isUtf16 && bytes.every((byte) => byte >= 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d);
  const guess = isUtf16 ? 'UTF-16' : isLatin ? 'WINDOWS-1252' : null;
  const hint =
    guess === null
      ? 'Save it as UTF-8. The name of a compressed file must end with .gz or .zst.'
      : `Convert it: iconv -f ${guess} -t UTF-8 (it looks like ${guess === 'UTF-16' ? guess : 'Latin-1 or Windows-1252'}).`;
  return fileError(path, place, 'expected UTF-8 text.', { hint });
}

/**
 * Passes bytes on as long as they are UTF-8: parsers would put U+FFFD in place of the others, and nobody would notice.
 *
 * @throws {PgvtuneError} `dataset`, naming the line
 */
export async function* onlyUtf8(path: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let byte = 0;
  for await (const chunk of chunks) {
    try {
      decoder.decode(chunk, { stream: true });
    } catch {
      const at = firstInvalid(chunk);
      const lines = chunk.subarray(0, at).reduce((count, character) => count + (character === 0x0a ? 1 : 0), 0);
      const around = chunk.subarray(Math.max(0, at - 40), at + 40);
      throw notUtf8(path, { line: line + lines, byte: byte + at }, around);
    }
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1)) line++;
    byte += chunk.length;
    yield chunk;
  }
}

/** By bisection: how many bytes from the start are UTF-8, but for a character that is cut off. */
function firstInvalid(bytes: Uint8Array): number {
  let [from, to] = [0, bytes.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    try {
      // A chunk may begin in the middle of a character.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(leadingRest(bytes), middle), { stream: true });
      from = middle;
    } catch {
      to = middle;
    }
  }
  return from;
}

/** Bytes at the start that continue a character of the chunk before. */
function leadingRest(bytes: Uint8Array): number {
  const first = bytes.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return first < 0 || first > 3 ? 0 : first;
}
