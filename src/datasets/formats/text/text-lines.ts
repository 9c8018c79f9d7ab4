import { isUtf8 } from 'node:buffer';
import { formatBytes } from '../../../units.js';
import { MAX_LINE_BYTES, readLines, type Line } from './lines.js';
import { fileError, type Place } from '../file-error.js';
import { readText, type OnRead } from '../input-file.js';
import { notUtf8 } from './utf8.js';

/** A line that says something. */
export interface TextLine {
  readonly text: string;
  readonly place: Place;
}

/**
 * The lines of a text file that are not blank, decompressed when the name says so.
 *
 * @throws {PgvtuneError} `dataset` for a line that is too long or not UTF-8
 */
export async function* readTextLines(path: string, hint: string, onRead?: OnRead): AsyncGenerator<TextLine> {
  const onTooLong = ({ number, byte }: Omit<Line, 'bytes'>): Error =>
    fileError(path, { line: number, byte }, `the line is longer than ${formatBytes(MAX_LINE_BYTES)}.`, { hint });
  for await (const { bytes, number, byte } of readLines(readText(path, onRead), onTooLong)) {
    const place = { line: number, byte };
    const content = number === 1 ? withoutByteOrderMark(bytes) : bytes;
    if (content.every((character) => character === 0x20 || character === 0x09)) continue;
    if (!isUtf8(content)) throw notUtf8(path, place, content);
    yield { text: Buffer.from(content.buffer, content.byteOffset, content.length).toString(), place };
  }
}

const withoutByteOrderMark = (bytes: Uint8Array): Uint8Array =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
