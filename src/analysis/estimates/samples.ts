/*
 * Raw samples as records hold them: little-endian arrays in base64, four or two bytes a sample.
 */

/** Float32, e.g. latencies in milliseconds: seven digits are more than any clock gives. */
export function encodeFloat32(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i]!, i * 4);
  return bytes.toString('base64');
}

/** @throws {RangeError} when the text does not hold a whole number of samples */
export function decodeFloat32(text: string): Float32Array {
  const bytes = decode(text, 4);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.getFloat32(i * 4, true));
}

/** Unsigned 16-bit, e.g. rows per query. @throws {RangeError} when a value is no integer from 0 to 65,535 */
export function encodeUint16(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 2);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value)) throw new RangeError(`Expected an integer, got ${value} at position ${i}.`);
    bytes.writeUInt16LE(value, i * 2);
  }
  return bytes.toString('base64');
}

/** @throws {RangeError} when the text does not hold a whole number of samples */
export function decodeUint16(text: string): Uint16Array {
  const bytes = decode(text, 2);
  return Uint16Array.from({ length: bytes.byteLength / 2 }, (_, i) => bytes.getUint16(i * 2, true));
}

/** Signed 32-bit, e.g. row numbers. @throws {RangeError} when a value is no integer of that range */
export function encodeInt32(values: ArrayLike<number>): string {
  const bytes = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!Number.isInteger(value)) throw new RangeError(`Expected an integer, got ${value} at position ${i}.`);
    bytes.writeInt32LE(value, i * 4);
  }
  return bytes.toString('base64');
}

/** @throws {RangeError} when the text does not hold a whole number of samples */
export function decodeInt32(text: string): Int32Array {
  const bytes = decode(text, 4);
  return Int32Array.from({ length: bytes.byteLength / 4 }, (_, i) => bytes.getInt32(i * 4, true));
}

/** Without Node's buffers: the page of a run decodes samples as well. */
function decode(text: string, bytesPerSample: number): DataView {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (bytes.length % bytesPerSample !== 0) {
    throw new RangeError(`Expected samples of ${bytesPerSample} bytes, got ${bytes.length} bytes.`);
  }
  return new DataView(bytes.buffer);
}
