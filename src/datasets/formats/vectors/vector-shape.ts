import { parseVector } from './vector-text.js';

/** The numbers of a vector as a file's value holds them; null for what is none. */
export type VectorReader = (value: unknown) => ArrayLike<unknown> | null;

/** How the values of a field hold vectors. */
export interface VectorShape {
  /** Fields of the lowest rank are more likely to be the vector than others. */
  readonly rank: 'reals' | 'numbers' | 'text' | 'encoded' | 'columns';
  readonly dimensions: number;
  readonly read: VectorReader;
}

/** From the most likely to the least. */
export const RANKS: readonly VectorShape['rank'][] = ['reals', 'numbers', 'text', 'encoded', 'columns'];

/** Fewer bits are taken for a code, and fewer numbers in base64 or bytes for a key or digest. */
const LEAST_BITS = 8;
const LEAST_ENCODED_NUMBERS = 8;

/**
 * What form of vectors these values of one field have, if half of them or more have one: one that cannot be read is better named
 * later than the field overlooked. Bits and base64 look like other things too, so there all have to be of one length.
 *
 * @param isNamed the user said that the field is the vector: short codes will do
 */
export function vectorShapeOf(values: readonly unknown[], isNamed: boolean = false): VectorShape | null {
  const filled = values.filter((value) => value !== null && value !== undefined);
  if (filled.length === 0) return null;
  return listShape(filled) ?? textShape(filled) ?? encodedShape(filled, isNamed ? 1 : null);
}

function listShape(filled: readonly unknown[]): VectorShape | null {
  const lists = filled.map(readList);
  const length = firstLength(lists);
  const numbers = lists.filter((list) => list !== null && Array.from(list).some(isNumber));
  if (length === 0 || numbers.length * 2 < filled.length) return null;
  const areReal = numbers.every((list) => list instanceof Float32Array || list instanceof Float64Array);
  return { rank: areReal ? 'reals' : 'numbers', dimensions: length, read: readList };
}

/** Integers that double precision would round come as text, see `parseJson`: float32 rounds them anyway. */
export const isNumber = (item: unknown): item is number | string =>
  typeof item === 'number' || (typeof item === 'string' && /^-?\d{16,}$/.test(item));

/** Text may hold some vectors where others are lists: both are read in both. */
const readList: VectorReader = (value) => {
  if (typeof value === 'string') return parseVector(value);
  if (value instanceof Uint8Array) return null;
  return Array.isArray(value) || ArrayBuffer.isView(value) ? (value as unknown as ArrayLike<unknown>) : null;
};

function textShape(filled: readonly unknown[]): VectorShape | null {
  const vectors = filled.map((value) => (typeof value === 'string' ? parseVector(value) : null));
  const found = vectors.filter((vector) => vector !== null && vector.length > 0);
  if (found.length * 2 < filled.length) return null;
  return { rank: 'text', dimensions: firstLength(found), read: readList };
}

const firstLength = (vectors: readonly (ArrayLike<unknown> | null)[]): number =>
  vectors.find((vector) => vector !== null && vector.length > 0)?.length ?? 0;

function encodedShape(filled: readonly unknown[], least: number | null): VectorShape | null {
  const [first] = filled;
  const isOneLength = filled.every((value) => lengthOf(value) === lengthOf(first));
  if (!isOneLength) return null;
  const forms: readonly (readonly [read: VectorReader, usual: number])[] = [
    [readBits, LEAST_BITS],
    [readBase64, LEAST_ENCODED_NUMBERS],
    [readBytes, LEAST_ENCODED_NUMBERS],
  ];
  for (const [read, usual] of forms) {
    const vectors = filled.map(read);
    const dimensions = vectors[0]?.length ?? 0;
    if (dimensions >= (least ?? usual) && vectors.every((vector) => vector !== null && isPlausible(vector))) {
      return { rank: 'encoded', dimensions, read };
    }
  }
  return null;
}

const lengthOf = (value: unknown): number =>
  typeof value === 'string' || value instanceof Uint8Array ? value.length : -1;

/** `bit(n)` as PostgreSQL writes it. */
const readBits: VectorReader = (value) =>
  typeof value === 'string' && /^[01]+$/.test(value) ? Float32Array.from(value, Number) : null;

/** Little-endian float32 in base64, as OpenAI's `encoding_format: "base64"`. */
const readBase64: VectorReader = (value) =>
  typeof value === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? readBytes(Buffer.from(value, 'base64')) : null;

/** Little-endian float32, as `ndarray.tobytes()` writes them. */
const readBytes: VectorReader = (value) => {
  if (!(value instanceof Uint8Array) || value.length === 0 || value.length % 4 !== 0) return null;
  return new Float32Array(Uint8Array.from(value).buffer);
};

/** Bytes of anything else would be numbers of wild magnitudes. */
const isPlausible = (vector: ArrayLike<unknown>): boolean =>
  Array.from(vector as ArrayLike<number>, Math.abs).every(
    (size) => size === 0 || Number.isNaN(size) || (size > 1e-15 && size < 1e6),
  );
