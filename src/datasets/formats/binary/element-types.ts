/** How a file holds one number of a vector; little-endian. */
export type ElementType = 'float16' | 'float32' | 'float64' | 'int8' | 'uint8' | 'int32';

export const ELEMENT_BYTES: Readonly<Record<ElementType, number>> = {
  float16: 2,
  float32: 4,
  float64: 8,
  int8: 1,
  uint8: 1,
  int32: 4,
};

/** The numbers as float32. `bytes` must start at a multiple of the element's size in its buffer. */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, type: ElementType): Float32Array {
  const { buffer, byteOffset } = bytes;
  const length = bytes.length / ELEMENT_BYTES[type];
  switch (type) {
    case 'float32':
      return new Float32Array(buffer, byteOffset, length);
    case 'float64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, length));
    case 'int8':
      return Float32Array.from(new Int8Array(buffer, byteOffset, length));
    case 'uint8':
      return Float32Array.from(bytes);
    case 'int32':
      return Float32Array.from(new Int32Array(buffer, byteOffset, length));
    case 'float16':
      return Float32Array.from(new Uint16Array(buffer, byteOffset, length), (half) => HALVES[half]!);
  }
}

/** Every half-precision number (IEEE 754 binary16) by its bits. */
const HALVES = Float32Array.from({ length: 65_536 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
});
