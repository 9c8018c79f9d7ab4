/**
 * Decodes Parquet's hybrid of run lengths and bit-packed groups (parquet-format's `Encodings.md`, "RLE"), never beyond
 * `count` values or the end of `bytes`, whatever the runs claim.
 *
 * @param bitWidth 0 to 32
 * @throws {RangeError} when the bytes end before `count` values
 */
export function decodeRuns(bytes: Uint8Array, bitWidth: number, count: number): Uint32Array {
  if (bitWidth > 32) throw new RangeError(`expected a bit width of at most 32, got ${bitWidth}`);
  const values = new Uint32Array(count);
  if (bitWidth === 0) return values;
  const valueBytes = Math.ceil(bitWidth / 8);
  let position = 0;
  let done = 0;

  const next = (): number => {
    const byte = bytes[position++];
    if (byte === undefined) throw new RangeError(`expected ${count} values in runs, got ${done}`);
    return byte;
  };
  while (done < count) {
    const header = readVarint(next);
    if (header % 2 === 0) {
      let value = 0;
      for (let i = 0; i < valueBytes; i++) value += next() * 2 ** (8 * i);
      const length = Math.min(header / 2, count - done);
      values.fill(value, done, done + length);
      done += length;
    } else {
      // Groups of eight values, whose padding at the end of the page may be left out.
      const length = Math.min(((header - 1) / 2) * 8, count - done);
      unpack(bytes, position, bitWidth, values, done, length);
      position += ((header - 1) / 2) * bitWidth;
      done += length;
    }
  }
  return values;
}

function readVarint(next: () => number): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = next();
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new RangeError('expected a run length of at most 32 bits');
}

/** Numbers of `bitWidth` bits each, lowest bits first. */
function unpack(
  bytes: Uint8Array,
  from: number,
  bitWidth: number,
  values: Uint32Array,
  start: number,
  count: number,
): void {
  if (from + Math.ceil((count * bitWidth) / 8) > bytes.length) {
    throw new RangeError(`expected ${count} values of ${bitWidth} bits, got ${bytes.length - from} bytes`);
  }
  let position = from;
  let buffer = 0;
  let bits = 0;
  const size = 2 ** bitWidth;
  for (let i = 0; i < count; i++) {
    // At most 32 + 7 bits are pending: exact in a double.
    while (bits < bitWidth) {
      buffer += bytes[position++]! * 2 ** bits;
      bits += 8;
    }
    values[start + i] = buffer % size;
    buffer = Math.floor(buffer / size);
    bits -= bitWidth;
  }
}
