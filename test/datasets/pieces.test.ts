import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type SqlType, sqlTypeOf } from '../../src/columns.js';
import { createColumnCensus, fitColumns } from '../../src/datasets/import/column-types.js';
import { guessReader } from '../../src/datasets/formats/text/cells.js';
import { toFloat32 } from '../../src/datasets/formats/binary/element-types.js';
import { decodeRuns } from '../../src/datasets/formats/parquet/runs.js';
import { formatVector, parseVector } from '../../src/datasets/formats/vectors/vector-text.js';
import { createHashIndex, hashWords } from '../../src/datasets/store/hash-index.js';
import { readLines } from '../../src/datasets/formats/text/lines.js';
import { nameFrom } from '../../src/datasets/store/names.js';
import { collect } from './support.js';

describe('createHashIndex', () => {
  it('finds the first row of every hash, as a Map does', () => {
    const word = fc.integer({ min: 0, max: 40 });
    fc.assert(
      fc.property(fc.array(fc.record({ low: word, high: word }), { maxLength: 200 }), (hashes) => {
        const index = createHashIndex();
        const map = new Map<string, number>();
        for (const [row, hash] of hashes.entries()) {
          const key = `${hash.low}/${hash.high}`;
          expect(index.find(hash)).toBe(map.get(key) ?? -1);
          expect(index.add(hash, row)).toBe(map.get(key) ?? -1);
          if (!map.has(key)) map.set(key, row);
        }
      }),
    );
  });

  it('keeps what it knows while it grows', () => {
    const index = createHashIndex();
    const hashOf = (row: number) => hashWords([row], 0, 1);
    const all = Array.from({ length: 100_000 }, (_, row) => row);
    expect(all.filter((row) => index.add(hashOf(row), row) !== -1)).toEqual([]);
    expect(all.filter((row) => index.find(hashOf(row)) !== row)).toEqual([]);
  });

  it('tells vectors apart that differ in signs, order or a single bit', () => {
    const seen = new Set<string>();
    const variants = 1 << 12;
    for (let variant = 0; variant < variants; variant++) {
      // Only the sign bits of twelve equal numbers differ.
      const words = Uint32Array.from({ length: 12 }, (_, i) => 0x3f800000 | ((variant >> i) & 1 ? 0x80000000 : 0));
      const { low, high } = hashWords(words, 0, words.length);
      seen.add(`${low}/${high}`);
    }
    expect(seen.size).toBe(variants);
  });

  it('spreads hashes evenly over its slots', () => {
    const buckets = Array.from({ length: 256 }, () => 0);
    for (let i = 0; i < 25_600; i++) buckets[hashWords(Float32Array.of(i, 1).map(Number), 0, 2).low & 255]! += 1;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    // 255 degrees of freedom, 0.999 quantile.
    expect(chiSquare).toBeLessThan(330.5);
  });
});

describe('readLines', () => {
  const chunked = async function* (bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (let i = 0; from < bytes.length; i++) {
      const size = sizes[i % sizes.length]!;
      yield bytes.subarray(from, from + size);
      from += size;
    }
  };
  const onTooLong = (): Error => new Error('too long');

  it('cuts at LF and CRLF only, whatever the chunks', async () => {
    const line = fc.string({ unit: fc.constantFrom('a', 'é', '\u2028', '\t', ' ', '"') });
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1 }),
        fc.constantFrom('\n', '\r\n'),
        sizes,
        async (lines, end, chunkSizes) => {
          const text = Buffer.from(lines.map((each) => each + end).join(''));
          const read = await collect(readLines(chunked(text, chunkSizes), onTooLong));
          expect(read.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(lines);
          expect(read.map(({ number }) => number)).toEqual(lines.map((_, i) => i + 1));
          for (const { byte, bytes } of read) expect(text.subarray(byte, byte + bytes.length).equals(bytes)).toBe(true);
        },
      ),
    );
  });

  it('reads a last line without an end', async () => {
    const read = await collect(readLines(chunked(Buffer.from('a\nb'), [1]), onTooLong));
    expect(read.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(['a', 'b']);
  });
});

describe('column types', () => {
  const typeOf = (...values: readonly unknown[]) => {
    const census = createColumnCensus();
    for (const a of values) census.add({ a });
    const [column] = census.columns();
    return sqlTypeOf(column!);
  };

  it.each([
    [1, 'integer'],
    [2 ** 31, 'bigint'],
    [1.5, 'double precision'],
    [2 ** 53, 'double precision'],
    [true, 'boolean'],
    ['x', 'text'],
    ['123e4567-e89b-12d3-a456-426614174000', 'uuid'],
    ['123E4567-e89b-12d3-a456-426614174000', 'text'],
    ['2026-11-22', 'date'],
    ['2026-11-22T10:00:00Z', 'timestamptz'],
    ['2026-11-22 10:00:00.5+01', 'timestamptz'],
    ['2026-11-22 10:00:00.5', 'timestamp'],
    ['2026-13-01', 'text'],
    ['2026', 'text'],
    [['a', 'b'], 'text[]'],
    [[], 'text[]'],
    [[1], 'jsonb'],
    [{ a: 1 }, 'jsonb'],
    [null, 'text'],
  ])('%j is %s', (value, type) => {
    expect(typeOf(value)).toBe(type);
  });

  it('widens within a kind, else to text for scalars and to json for the rest', () => {
    expect(typeOf(1, null, 2 ** 40)).toBe('bigint');
    expect(typeOf(2 ** 40, 0.5, 1)).toBe('double precision');
    expect(typeOf('2026-11-22', '2026-11-22T10:00:00')).toBe('timestamp');
    expect(typeOf('2026-11-22T10:00:00Z', '2026-11-22')).toBe('timestamptz');
    expect(typeOf('123e4567-e89b-12d3-a456-426614174000', 'x')).toBe('text');
    expect(typeOf(1, '2026-11-22')).toBe('text');
    expect(typeOf('x', true)).toBe('text');
    expect(typeOf(['x'], 'x')).toBe('jsonb');
  });

  it('takes the type that the source says, where the values are of it', () => {
    const census = createColumnCensus();
    census.add({ small: 1, id: 'x', day: '2026-11-22', missing: null, mixed: 1, at: '2026-11-22' });
    census.add({ mixed: 'y', at: '2026-11-22T10:00:00Z' });
    const labels = ['x', 'y'];
    const declared = new Map<string, SqlType>([
      ['small', 'smallint'],
      ['id', { enum: 'State', labels }],
      ['day', 'timestamptz'],
      ['missing', 'bigint'],
      ['mixed', 'bigint'],
      ['at', 'date'],
    ]);
    expect(census.columns(declared)).toEqual([
      { name: 'small', type: 'number', sqlType: 'smallint' },
      { name: 'id', type: 'text', sqlType: { enum: 'State', labels } },
      { name: 'day', type: 'date' },
      { name: 'missing', type: 'number', sqlType: 'bigint' },
      { name: 'mixed', type: 'text' },
      { name: 'at', type: 'date' },
    ]);
  });

  it('tells a column by all of its values, and makes them fit', () => {
    const census = createColumnCensus();
    census.add({ a: null, b: 1 });
    census.add({ a: 3, b: 'x', c: null });
    const columns = census.columns();
    expect(columns).toEqual([
      { name: 'a', type: 'number', sqlType: 'integer' },
      { name: 'b', type: 'text' },
      { name: 'c', type: 'text' },
    ]);
    expect(fitColumns(columns)({ a: 3, b: 1, c: null })).toEqual({ a: 3, b: '1', c: null });
  });
});

describe('guessReader', () => {
  const read = (sample: (string | null)[], cell: string): unknown => guessReader(sample)(cell);

  it('tells numbers, booleans and JSON from text', () => {
    expect(read(['1', null, '-2.5e3'], '7')).toBe(7);
    expect(read(['true', 'f'], 't')).toBe(true);
    expect(read(['["a"]', '{"b":1}'], '[1]')).toEqual([1]);
    expect(read(['1', 'x'], '7')).toBe('7');
    expect(read([null], '7')).toBe('7');
  });

  it('leaves codes and long identifiers as they are written', () => {
    expect(read(['007', '123'], '123')).toBe('123');
    expect(read(['12345678901234567890', '1'], '1')).toBe('1');
  });

  it('keeps what does not fit', () => {
    expect(read(['1', '2'], 'n/a')).toBe('n/a');
  });
});

describe('the text form of a vector', () => {
  it('tells every float32 from every other', () => {
    const float = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(float, { minLength: 1 }), (vector) => {
        const values = Float32Array.from(vector);
        expect(Float32Array.from(parseVector(formatVector(values))!)).toEqual(values.map((value) => value + 0));
      }),
    );
  });

  it.each([
    '',
    '[]',
    '[1,]',
    '[,1]',
    '1,2',
    '[1,2',
    '[1;2]',
    '[1,a]',
    '{{1,2}}',
    '{1:2}/0',
    '{3:1}/2',
    '[1 ... 2]',
    '{"a":1}',
  ])('refuses %j', (text) => {
    expect(parseVector(text)).toBeNull();
  });

  it.each([
    ['[ 0.5  -1.   2e-3\n  .25]', [0.5, -1, 2e-3, 0.25]],
    ['{1,-2.5,NULL}', [1, -2.5, NaN]],
    ['{1:0.5,3:-2}/4', [0.5, 0, -2, 0]],
    ['{}/2', [0, 0]],
    ['[1, nan, None]', [1, NaN, NaN]],
  ])('reads %j', (text, vector) => {
    expect(parseVector(text)).toEqual(vector);
  });

  it('reads what pgvector reads', () => {
    expect(parseVector(' [ 1, -2.5 ,3e-4, .5 ]\t')).toEqual([1, -2.5, 3e-4, 0.5]);
  });
});

describe('decodeRuns', () => {
  it('reads runs and bit-packed groups, and no more than was asked', () => {
    // The example of parquet-format's Encodings.md: 0 … 7 with three bits each.
    expect(Array.from(decodeRuns(Uint8Array.of(0x03, 0x88, 0xc6, 0xfa), 3, 8))).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(Array.from(decodeRuns(Uint8Array.of(0x08, 0x05), 3, 4))).toEqual([5, 5, 5, 5]);
    expect(Array.from(decodeRuns(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), 0, 3))).toEqual([0, 0, 0]);
    expect(Array.from(decodeRuns(Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x0f, 0x01), 1, 3))).toEqual([1, 1, 1]);
    expect(Array.from(decodeRuns(Uint8Array.of(0x02, 0xff, 0xff, 0xff, 0xff), 32, 1))).toEqual([2 ** 32 - 1]);
  });

  it('ends for any bytes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 30 }),
        fc.integer({ min: 0, max: 33 }),
        fc.nat(200),
        (bytes, width, count) => {
          try {
            expect(decodeRuns(bytes, width, count)).toHaveLength(count);
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('toFloat32', () => {
  it('reads half-precision numbers', () => {
    const halves = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0001, 0x8000, 0x7c00, 0x3555);
    const values = toFloat32(new Uint8Array(halves.buffer), 'float16');
    expect(Array.from(values)).toEqual([1, -2, 65_504, 2 ** -24, -0, Infinity, 0.333251953125]);
    expect(toFloat32(new Uint8Array(Uint16Array.of(0x7e00).buffer), 'float16')[0]).toBeNaN();
  });

  it('reads integers with their signs', () => {
    expect(Array.from(toFloat32(Uint8Array.of(0, 127, 128, 255), 'int8'))).toEqual([0, 127, -128, -1]);
    expect(Array.from(toFloat32(Uint8Array.of(0, 255), 'uint8'))).toEqual([0, 255]);
    expect(Array.from(toFloat32(Uint8Array.of(255, 255, 255, 255), 'int32'))).toEqual([-1]);
  });
});

it.each([
  ['Docs (EN)', 'docs-en'],
  ['../../etc/passwd', 'etc-passwd'],
  ['日本', 'dataset'],
  ['x'.repeat(80), 'x'.repeat(64)],
])('names %j %j', (text, name) => {
  expect(nameFrom(text)).toBe(name);
});
