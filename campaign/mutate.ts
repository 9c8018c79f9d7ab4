import type { Random } from '../src/random.js';

/** What breaks parsers: lengths at the ends of types, and the marks of the formats. */
const LENGTHS = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1];
const TOKENS = [
  '"',
  '\\',
  '\\N',
  '\\.',
  '[',
  ']',
  '{',
  '}',
  ',',
  ';',
  '\t',
  '\n',
  '\r\n',
  '\0',
  '[[',
  '{"a":',
  'null',
  'NaN',
  '-Infinity',
  '1e999',
  '12345678901234567890',
  '{1:1}/4',
  '...',
  'COPY a (b) FROM stdin;\n',
  '\u{feff}',
  '\u{202e}',
  '\xff\xfe',
];

/** One to four changes: bits turned, a length overwritten, bytes cut off, copied, repeated or replaced by a mark. */
export function mutate(good: Uint8Array, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(good);
  for (let changes = 1 + random.int(4); changes > 0 && bytes.length > 4; changes--) bytes = change(bytes, random);
  return bytes;
}

function change(bytes: Buffer, random: Random): Buffer {
  const at = random.int(bytes.length);
  switch (random.int(6)) {
    case 0:
      bytes[at]! ^= 1 << random.int(8);
      return bytes;
    case 1:
      bytes.writeUInt32LE(LENGTHS[random.int(LENGTHS.length)]!, Math.min(at, bytes.length - 4));
      return bytes;
    case 2:
      return bytes.subarray(0, at);
    case 3:
      bytes.copy(bytes, at, random.int(bytes.length), random.int(bytes.length));
      return bytes;
    case 4: {
      const piece = bytes.subarray(at, at + random.int(64));
      return Buffer.concat([
        bytes.subarray(0, at),
        ...Array.from({ length: random.int(8) }, () => piece),
        bytes.subarray(at),
      ]);
    }
    default: {
      const token = Buffer.from(TOKENS[random.int(TOKENS.length)]!);
      return Buffer.concat([bytes.subarray(0, at), token, bytes.subarray(at + random.int(8))]);
    }
  }
}
