/** One line of a file, without its line end. */
export interface Line {
  readonly bytes: Uint8Array;
  /** Counting from 1, as editors do. */
  readonly number: number;
  /** Where it starts in the (decompressed) text. */
  readonly byte: number;
}

/** The longest line that is read: beyond it, a file is damaged or hostile rather than long-winded. */
export const MAX_LINE_BYTES = 64 * 1024 * 1024;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * Cuts a stream of bytes into lines at LF or CRLF, and nowhere else: unlike `node:readline`, which also cuts at U+2028,
 * a character that JSON strings may hold. Memory is bounded by the longest line.
 *
 * @param onTooLong makes the error for a line of more than {@link MAX_LINE_BYTES}
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  onTooLong: (line: Omit<Line, 'bytes'>) => Error,
): AsyncGenerator<Line> {
  let number = 1;
  let byte = 0;
  let begun: Uint8Array[] = [];
  let begunBytes = 0;

  const take = (end: Uint8Array): Line => {
    const bytes = begun.length === 0 ? end : Buffer.concat([...begun, end]);
    const length = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
    const line = { bytes: bytes.subarray(0, length), number, byte };
    begun = [];
    begunBytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(LINE_FEED, from);
      const bytes = begunBytes + (end < 0 ? chunk.length : end) - from;
      if (bytes > MAX_LINE_BYTES) throw onTooLong({ number, byte });
      if (end < 0) break;
      yield take(chunk.subarray(from, end));
      from = end + 1;
      number++;
      byte += bytes + 1;
    }
    if (from < chunk.length) {
      begun.push(chunk.subarray(from));
      begunBytes += chunk.length - from;
    }
  }
  if (begunBytes > 0) yield take(new Uint8Array());
}
