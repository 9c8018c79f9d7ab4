import { Decompress } from 'fzstd';

/** A window larger than this is refused, as by the `zstd` program unless told otherwise. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;

/** Compressed bytes given to the decoder at once: at best 128 KiB of text from each 4 of them. */
const PIECE_BYTES = 1024;

/** Decompresses Zstandard (RFC 8878), in JavaScript: Node 20 has no decoder of its own. */
export function unzstd(chunks: AsyncIterable<Uint8Array>) {
  let position = 0;
  const onPiece = (bytes: number): void => {
    position += bytes;
  };
  return { text: decode(chunks, onPiece), position: () => position };
}

async function* decode(
  chunks: AsyncIterable<Uint8Array>,
  onPiece: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const out: Uint8Array[] = [];
  const decoder = new Decompress((bytes) => out.push(bytes));
  let started = false;
  for await (const chunk of chunks) {
    if (!started) checkWindow(chunk);
    started = true;
    for (let from = 0; from < chunk.length; from += PIECE_BYTES) {
      const piece = chunk.subarray(from, from + PIECE_BYTES);
      decoder.push(piece);
      onPiece(piece.length);
      yield* out.splice(0);
    }
  }
  decoder.push(new Uint8Array(), true);
  yield* out.splice(0);
}

/** The decoder allocates the whole window that the frame's header asks for. */
function checkWindow(head: Uint8Array): void {
  const isSingleSegment = (head[4]! >> 5) & 1;
  const descriptor = head[5]!;
  const base = 2 ** (10 + (descriptor >> 3));
  const bytes = base + (base / 8) * (descriptor & 7);
  if (!isSingleSegment && bytes > MAX_WINDOW_BYTES) throw new Error(`it asks for a window of ${bytes} bytes`);
}
