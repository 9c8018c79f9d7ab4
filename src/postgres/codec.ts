import { toSql } from 'pgvector';
import type { Matrix } from '../vocabulary.js';

/*
 * PostgreSQL's binary formats, for the values this program sends in bulk.
 * A vector is uint16 dimensions, uint16 zero, then float32 big-endian (pgvector, src/vector.c, vector_recv); a bit string
 * is int32 length in bits, then bytes whose highest bit comes first (PostgreSQL, src/backend/utils/adt/varbit.c, bit_recv).
 */

const HEADER_BYTES = 4;

/** Types of columns that vectors are loaded into; a bit is one where the value is above zero. */
export type VectorType = 'vector' | 'bit';

interface VectorFormat {
  readonly bytes: (dimensions: number) => number;
  readonly write: (target: Buffer, offset: number, values: Float32Array) => void;
}

const FORMATS: Readonly<Record<VectorType, VectorFormat>> = {
  vector: { bytes: (dimensions) => HEADER_BYTES + 4 * dimensions, write: writeVector },
  bit: { bytes: (dimensions) => HEADER_BYTES + Math.ceil(dimensions / 8), write: writeBits },
};

/** One vector in pgvector's binary format, as a bound parameter. */
export function encodeVector(values: Float32Array): Buffer {
  const buffer = Buffer.allocUnsafe(FORMATS.vector.bytes(values.length));
  writeVector(buffer, 0, values);
  return buffer;
}

/** A bit where a value is above zero, as a bound parameter. */
export function encodeBits(values: Float32Array | Uint8Array): Buffer {
  const buffer = Buffer.allocUnsafe(FORMATS.bit.bytes(values.length));
  writeBits(buffer, 0, values);
  return buffer;
}

/** One vector in pgvector's text form, for places that take no bound parameter (EXPLAIN EXECUTE). */
export function vectorText(values: Float32Array): string {
  return toSql([...values]) as string;
}

/**
 * A `vector` or `halfvec` as the server prints it, `[1,2.5]`; a `sparsevec`, `{2:0.5}/3`, with its zeros; or a `bit` string,
 * `0110`, as zeros and ones.
 */
export function parseVectorText(text: string): Float32Array {
  if (text.startsWith('[')) return Float32Array.from(text.slice(1, -1).split(','), Number);
  const sparse = parseSparseText(text);
  if (sparse === null) return Float32Array.from(text, (bit) => (bit === '1' ? 1 : 0));
  const vector = new Float32Array(sparse.dimensions);
  for (const [position, value] of sparse.entries) vector[position - 1] = value;
  return vector;
}

/** The numbers that a vector's text holds: of a `sparsevec`, which may have 10⁹ dimensions, those that are not zero. */
export const numbersInText = (text: string): Float32Array =>
  Float32Array.from(parseSparseText(text)?.entries.values() ?? parseVectorText(text));

/** Two vectors of one type, for a distance: of `sparsevec`, only the positions at which one of them is not zero. */
export function parseVectorPair(a: string, b: string): readonly [Float32Array, Float32Array] {
  const [sparseA, sparseB] = [parseSparseText(a), parseSparseText(b)];
  if (sparseA === null || sparseB === null) return [parseVectorText(a), parseVectorText(b)];
  const positions = [...new Set([...sparseA.entries.keys(), ...sparseB.entries.keys()])];
  const at = ({ entries }: SparseVector): Float32Array =>
    Float32Array.from(positions, (position) => entries.get(position) ?? 0);
  return [at(sparseA), at(sparseB)];
}

interface SparseVector {
  readonly dimensions: number;
  /** By their positions, which count from 1. */
  readonly entries: ReadonlyMap<number, number>;
}

/** Null for another type. Source: pgvector `src/sparsevec.c`, `sparsevec_out`. */
function parseSparseText(text: string): SparseVector | null {
  const [, entries = '', dimensions] = /^\{(.*)\}\/(\d+)$/.exec(text) ?? [];
  if (dimensions === undefined) return null;
  const pairs =
    entries === '' ? [] : entries.split(',').map((entry) => entry.split(':').map(Number) as [number, number]);
  return { dimensions: Number(dimensions), entries: new Map(pairs) };
}

function writeVector(target: Buffer, offset: number, values: Float32Array): void {
  target.writeUInt16BE(values.length, offset);
  target.writeUInt16BE(0, offset + 2);
  const start = offset + HEADER_BYTES;
  // A copy of the whole row and one byte swap are some forty times faster than one writeFloatBE per value.
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  bytes.copy(target, start);
  target.subarray(start, start + values.byteLength).swap32();
}

function writeBits(target: Buffer, offset: number, values: Float32Array | Uint8Array): void {
  const start = target.writeInt32BE(values.length, offset);
  target.fill(0, start, start + Math.ceil(values.length / 8));
  for (const [i, value] of values.entries()) if (value > 0) target[start + (i >> 3)]! |= 0x80 >> (i & 7);
}

/** `PGCOPY`, no flags, no header extension: what a binary COPY stream begins with. */
export const COPY_HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
/** A tuple of −1 fields: what it ends with. */
export const COPY_TRAILER = Buffer.from('ffff', 'hex');

/**
 * Rows `(bigint, vector or bit, …)` as binary COPY tuples.
 *
 * @param start the id of the block's first row; the others follow by one
 * @param beside further fields of each row, as {@link encodeValue} makes them; none when absent
 */
export function encodeCopyTuples(
  start: number,
  block: Matrix,
  type: VectorType = 'vector',
  beside: readonly (readonly (Buffer | null)[])[] = [],
): Buffer {
  const { rows, dimensions, values } = block;
  const { bytes, write } = FORMATS[type];
  const vectorBytes = bytes(dimensions);
  const besideBytes = beside.flat().reduce((sum, field) => sum + 4 + (field?.length ?? 0), 0);
  const buffer = Buffer.allocUnsafe(rows * (2 + 4 + 8 + 4 + vectorBytes) + besideBytes);
  let offset = 0;
  for (let row = 0; row < rows; row++) {
    const fields = beside[row] ?? [];
    offset = buffer.writeInt16BE(2 + fields.length, offset);
    offset = buffer.writeInt32BE(8, offset);
    offset = buffer.writeBigInt64BE(BigInt(start + row), offset);
    offset = buffer.writeInt32BE(vectorBytes, offset);
    write(buffer, offset, values.subarray(row * dimensions, (row + 1) * dimensions));
    offset += vectorBytes;
    for (const field of fields) {
      offset = buffer.writeInt32BE(field?.length ?? -1, offset);
      if (field) offset += field.copy(buffer, offset);
    }
  }
  return buffer;
}
