import type { DecodedArray, Encoding, ParquetType } from 'hyparquet';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { byteStreamSplit } from 'hyparquet/src/encoding.js';
import { readPlain } from 'hyparquet/src/plain.js';
import { readVarInt } from 'hyparquet/src/thrift.js';
import { decodeRuns } from './runs.js';

/** How the values of a column are typed. */
export interface ValueType {
  readonly type: ParquetType;
  /** Bytes of a FIXED_LEN_BYTE_ARRAY. */
  readonly typeLength: number | undefined;
}

/** Texts of a page may share prefixes; together they may not grow beyond this. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/**
 * The values of a data page, from wherever they start to its end, as its encoding has them: numbers, booleans, bytes, or
 * positions in the dictionary.
 *
 * @param bytes an array that is alone in its buffer: nothing can be read beyond its end
 * @throws {Error} when they do not hold `count` values
 */
export function decodeValues(bytes: Uint8Array, count: number, encoding: Encoding, of: ValueType): DecodedArray {
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  if (count === 0) return [];
  switch (encoding) {
    case 'PLAIN':
      return readPlain(reader, of.type, count, of.typeLength);
    case 'PLAIN_DICTIONARY':
    case 'RLE_DICTIONARY':
      return decodeRuns(bytes.subarray(1), bytes[0] ?? 0, count);
    case 'RLE':
      return Array.from(decodeRuns(bytes.subarray(4), 1, count), Boolean);
    case 'BYTE_STREAM_SPLIT':
      return byteStreamSplit(reader, count, of.type, of.typeLength);
    case 'DELTA_BINARY_PACKED':
      return unpackDeltas(reader, of.type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count));
    case 'DELTA_LENGTH_BYTE_ARRAY':
      return cut(reader, unpackDeltas(reader, new Int32Array(count)));
    case 'DELTA_BYTE_ARRAY': {
      const prefixes = unpackDeltas(reader, new Int32Array(count));
      return withPrefixes(prefixes, cut(reader, unpackDeltas(reader, new Int32Array(count))));
    }
    case 'BIT_PACKED':
    case 'GROUP_VAR_INT':
      throw new Error(`values in the encoding ${encoding} are not supported`);
  }
}

interface Reader {
  readonly view: DataView;
  offset: number;
}

/** hyparquet decodes the blocks, and would never end with block sizes that Parquet does not allow. */
function unpackDeltas<T extends Int32Array | BigInt64Array>(reader: Reader, output: T): T {
  const head = { view: reader.view, offset: reader.offset };
  const blockSize = readVarInt(head);
  const miniblocks = readVarInt(head);
  if (blockSize < 1 || miniblocks < 1 || miniblocks > blockSize || (blockSize / miniblocks) % 8 !== 0) {
    throw new RangeError(`delta blocks of ${blockSize} values in ${miniblocks} parts are not possible`);
  }
  deltaBinaryUnpack(reader, output.length, output);
  return output;
}

function cut(reader: Reader, lengths: Int32Array): Uint8Array[] {
  return Array.from(lengths, (length) => {
    const bytes = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, length);
    reader.offset += length;
    return bytes;
  });
}

function withPrefixes(prefixes: Int32Array, suffixes: readonly Uint8Array[]): Uint8Array[] {
  let before = new Uint8Array();
  let total = 0;
  return suffixes.map((suffix, i) => {
    const prefix = prefixes[i]!;
    total += prefix + suffix.length;
    if (prefix < 0 || prefix > before.length || total > MAX_TEXT_BYTES)
      throw new RangeError(`a shared prefix of ${prefix} bytes is not possible`);
    const whole = new Uint8Array(prefix + suffix.length);
    whole.set(before.subarray(0, prefix));
    whole.set(suffix, prefix);
    before = whole;
    return whole;
  });
}
