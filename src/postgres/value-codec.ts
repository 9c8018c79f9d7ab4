/*
 * PostgreSQL's binary formats of the values beside the vectors.
 */

/** Microseconds and days are counted from 2000-01-01 UTC. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);
const DAY_MS = 86_400_000;
const TEXT_OID = 25;

/** Types that values beside a vector can have; the labels of enums travel as text. */
export type ValueType =
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'real'
  | 'double precision'
  | 'text'
  | 'uuid'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'text[]'
  | 'jsonb';

/**
 * A value in the binary format of its type, for COPY and as a bound parameter; null stays null.
 *
 * @param value a number, text, boolean, milliseconds since 1970 (dates), list of texts, or anything (jsonb)
 */
export function encodeValue(type: ValueType, value: unknown): Buffer | null {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'smallint':
      return fixed(2, (buffer) => buffer.writeInt16BE(Number(value)));
    case 'integer':
      return fixed(4, (buffer) => buffer.writeInt32BE(Number(value)));
    case 'bigint':
      return fixed(8, (buffer) => buffer.writeBigInt64BE(BigInt(value as number)));
    case 'numeric':
      return encodeNumeric(Number(value));
    case 'real':
      return fixed(4, (buffer) => buffer.writeFloatBE(Number(value)));
    case 'double precision':
      return fixed(8, (buffer) => buffer.writeDoubleBE(Number(value)));
    case 'date':
      return fixed(4, (buffer) => buffer.writeInt32BE(Math.floor((Number(value) - POSTGRES_EPOCH_MS) / DAY_MS)));
    case 'timestamp':
    case 'timestamptz':
      return fixed(8, (buffer) =>
        buffer.writeBigInt64BE(BigInt(Math.trunc(Number(value)) - POSTGRES_EPOCH_MS) * 1000n),
      );
    case 'text':
      return Buffer.from(value as string);
    case 'uuid':
      return Buffer.from((value as string).replaceAll('-', ''), 'hex');
    case 'boolean':
      return Buffer.of(value === true ? 1 : 0);
    case 'jsonb':
      // The first byte is the version of the format (PostgreSQL src/backend/utils/adt/jsonb.c, jsonb_recv).
      return Buffer.concat([Buffer.of(1), Buffer.from(JSON.stringify(value))]);
    case 'text[]':
      return encodeTexts(value as readonly string[]);
  }
}

function fixed(bytes: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.allocUnsafe(bytes);
  write(buffer);
  return buffer;
}

const NUMERIC_NEGATIVE = 0x4000;

/**
 * Digits to the base 10,000, with the power of the first of them (PostgreSQL src/backend/utils/adt/numeric.c,
 * numeric_recv): as many as JavaScript writes for the number.
 */
function encodeNumeric(value: number): Buffer {
  const [mantissa = '', exponent = '0'] = Math.abs(value).toString().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = whole + fraction;
  // The number is 0.digits × 10^point.
  const point = whole.length + Number(exponent);
  const groupsBefore = Math.ceil(point / 4);
  const aligned = '0'.repeat(4 * groupsBefore - point) + digits;
  const groups = (aligned.match(/.{1,4}/g) ?? []).map((group) => Number(group.padEnd(4, '0')));
  const scale = Math.max(0, digits.length - point);
  const buffer = Buffer.allocUnsafe(8 + 2 * groups.length);
  buffer.writeInt16BE(groups.length, 0);
  buffer.writeInt16BE(groupsBefore - 1, 2);
  buffer.writeUInt16BE(value < 0 ? NUMERIC_NEGATIVE : 0, 4);
  buffer.writeInt16BE(scale, 6);
  for (const [i, group] of groups.entries()) buffer.writeInt16BE(group, 8 + 2 * i);
  return buffer;
}

/** PostgreSQL src/backend/utils/adt/arrayfuncs.c, array_recv: dimensions, null flag, element type; length, lower bound. */
function encodeTexts(texts: readonly string[]): Buffer {
  const header = (...words: readonly number[]): Buffer => {
    const buffer = Buffer.allocUnsafe(4 * words.length);
    for (const [i, word] of words.entries()) buffer.writeInt32BE(word, 4 * i);
    return buffer;
  };
  if (texts.length === 0) return header(0, 0, TEXT_OID);
  const items = texts.map((text) => Buffer.from(text));
  return Buffer.concat([
    header(1, 0, TEXT_OID, texts.length, 1),
    ...items.flatMap((item) => [header(item.length), item]),
  ]);
}
