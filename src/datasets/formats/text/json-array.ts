import { fileError } from '../file-error.js';
import { type OnRead, readText } from '../input-file.js';
import { MAX_LINE_BYTES } from './lines.js';
import type { TextLine } from './text-lines.js';
import { onlyUtf8 } from './utf8.js';

const [QUOTE, COMMA, BACKSLASH, LINE_FEED] = [0x22, 0x2c, 0x5c, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/**
 * The text of each entry of a file that is one JSON array, cut apart without parsing: memory is bounded by the longest
 * entry, whatever the size of the file.
 *
 * @throws {PgvtuneError} `dataset` for what is no array, does not end or goes on behind it, and for an entry that is too long
 */
export async function* readJsonArray(path: string, onRead?: OnRead): AsyncGenerator<TextLine> {
  const entry: Uint8Array[] = [];
  let entryBytes = 0;
  let depth = 0;
  let [isText, isEscaped, isDone] = [false, false, false];
  let [line, byte] = [1, 0];
  let place = { line, byte };

  const take = (): TextLine | null => {
    const text = Buffer.concat(entry).toString().trim();
    entry.length = entryBytes = 0;
    return text === '' ? null : { text, place };
  };
  for await (const chunk of onlyUtf8(path, readText(path, onRead))) {
    let from = 0;
    const keep = (to: number): void => {
      if (depth === 0 || to <= from) return;
      entry.push(chunk.slice(from, to));
      entryBytes += to - from;
      if (entryBytes > MAX_LINE_BYTES) throw fileError(path, place, `an entry is longer than ${MAX_LINE_BYTES} bytes.`);
    };
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk[i]!;
      if (code === LINE_FEED) line++;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (code === BACKSLASH) isEscaped = true;
        else if (code === QUOTE) isText = false;
        continue;
      }
      if (depth === 0) {
        if (code === OPEN_LIST && !isDone) {
          depth = 1;
          from = i + 1;
          place = { line, byte: byte + i + 1 };
        } else if (!isBlank(code)) {
          throw fileError(
            path,
            { line, byte: byte + i },
            isDone ? 'text behind the end of the array.' : 'expected a JSON array.',
          );
        }
        continue;
      }
      if (code === QUOTE) isText = true;
      else if (code === OPEN_LIST || code === OPEN_OBJECT) depth++;
      else if ((code === CLOSE_LIST || code === CLOSE_OBJECT) && depth > 1) depth--;
      else if (depth === 1 && (code === COMMA || code === CLOSE_LIST)) {
        keep(i);
        const taken = take();
        if (taken) yield taken;
        else if (code === COMMA)
          throw fileError(path, { line, byte: byte + i }, 'expected a JSON object before the comma.');
        from = i + 1;
        place = { line, byte: byte + i + 1 };
        if (code === CLOSE_LIST) [depth, isDone] = [0, true];
      }
    }
    keep(chunk.length);
    byte += chunk.length;
  }
  if (!isDone)
    throw fileError(path, { line, byte }, 'the array does not end.', { hint: 'The file is cut off: fetch it again.' });
}

/** Blanks, and the three bytes of a byte order mark. */
const isBlank = (code: number): boolean => code <= 0x20 || code === 0xef || code === 0xbb || code === 0xbf;
