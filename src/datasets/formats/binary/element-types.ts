/** How a file holds one number. */
export type ElementType =
  | 'float16'
  | 'float32'
  | 'float64'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64';

export const ELEMENT_BYTES: Readonly<Record<ElementType, 1 | 2 | 4 | 8>> = {
  float16: 2,
  float32: 4,
  float64: 8,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
};

const ARRAYS = {
  float64: Float64Array,
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int32: Int32Array,
  uint32: Uint32Array,
} as const;

/**
 * The numbers as float32.
 *
 * @param bytes must start at a multiple of the element's size in their buffer; big-endian ones are turned in place
 */
export function toFloat32(
  bytes: Uint8Array<ArrayBuffer>,
  type: ElementType,
  isBigEndian: boolean = false,
): Float32Array {
  if (isBigEndian) turn(bytes, ELEMENT_BYTES[type]);
  const { buffer, byteOffset } = bytes;
  const length = bytes.length / ELEMENT_BYTES[type];
  if (type === 'float32') return new Float32Array(buffer, byteOffset, length);
  if (type === 'float16') {
    return Float32Array.from(new Uint16Array(buffer, byteOffset, length), (half) => HALVES[half]!);
  }
  if (type === 'int64') return Float32Array.from(Array.from(new BigInt64Array(buffer, byteOffset, length), Number));
  if (type === 'uint64') return Float32Array.from(Array.from(new BigUint64Array(buffer, byteOffset, length), Number));
  return Float32Array.from(new ARRAYS[type](buffer, byteOffset, length));
}

/** Reverses the bytes of each element. */
function turn(bytes: Uint8Array<ArrayBuffer>, elementBytes: 1 | 2 | 4 | 8): void {
  if (elementBytes === 1) return;
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (elementBytes === 2) view.swap16();
  else if (elementBytes === 4) view.swap32();
  else view.swap64();
}

/** Every half-precision number (IEEE 754 binary16) by its bits. */
const HALVES = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
});
