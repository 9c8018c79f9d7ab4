import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { btreePages, ginPages, heapsVocabulary, rowLayout, tableSize } from '../../src/capacity/index.js';
import { heapPages, PAGE_BYTES, valueBytes } from '../../src/indexes/index.js';

describe('a table of nothing but key and vector', () => {
  it('is as large as the index models take it to be', () => {
    const shapes = fc.record({
      rows: fc.integer({ min: 1, max: 100_000 }),
      dimensions: fc.integer({ min: 1, max: 4000 }),
      type: fc.constantFrom('vector' as const, 'halfvec' as const),
    });
    fc.assert(
      fc.property(shapes, ({ rows, dimensions, type }) => {
        const vector = { type, dimensions };
        const table = tableSize({ rows, vector, storage: 'external', columns: [] });
        const pages = heapPages({ rows, otherBytes: 8, valueBytes: valueBytes(vector) });
        expect(table.heapBytes).toBe(pages.heapPages * PAGE_BYTES);
        expect(table.toastBytes).toBe(pages.toastPages * PAGE_BYTES);
      }),
      { seed: 1 },
    );
  });
});

describe('a row', () => {
  const text = (bytes: number) => ({ name: 'body', type: 'text' as const, averageBytes: bytes, index: null });
  const vector = { type: 'vector' as const, dimensions: 384 };

  it('keeps a vector of 384 dimensions beside a short text, and moves it out beside a long one', () => {
    const layout = (bytes: number) => rowLayout({ rows: 1, vector, storage: 'external', columns: [text(bytes)] });
    expect(layout(200)).toMatchObject({ isVectorOutOfLine: false, outOfLineBytes: [] });
    expect(layout(900)).toMatchObject({ isVectorOutOfLine: true, outOfLineBytes: [1540] });
    expect(layout(5000)).toMatchObject({ isVectorOutOfLine: false, outOfLineBytes: [5000] });
  });

  it('never moves a vector that is stored plain', () => {
    const long = rowLayout({
      rows: 1,
      vector: { type: 'vector', dimensions: 1536 },
      storage: 'plain',
      columns: [text(900)],
    });
    expect(long).toMatchObject({ isVectorOutOfLine: false, outOfLineBytes: [900] });
  });
});

// Built on PostgreSQL 15.
describe('indexes on other columns', () => {
  it.each([
    ['50,000 different bigints', { rows: 50_000, keyBytes: 8 }, 139],
    ['50,000 ints, 1,000 different', { rows: 50_000, keyBytes: 4, distinct: 1000 }, 46],
    ['50,000 texts of 160 bytes', { rows: 50_000, keyBytes: 164 }, 1294],
  ])('btree of %s', (_, index, pages) => {
    expect(Math.abs(btreePages(index) / pages - 1)).toBeLessThan(0.04);
  });

  it.each([
    [
      '97 words of 50,000 in each of 40,000 rows',
      { rows: 40_000, lexemes: 97, vocabulary: 50_000, heapPages: 4431 },
      2248,
    ],
    ['5 of 1,000 numbers in 100,000 rows', { rows: 100_000, lexemes: 5, vocabulary: 1000, heapPages: 1031 }, 202],
  ])('GIN of %s, roughly', (_, index, pages) => {
    expect(Math.abs(ginPages(index) / pages - 1)).toBeLessThan(0.25);
  });

  it('grow with rows, never shrink with more different keys', () => {
    const rows = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(rows, rows, fc.integer({ min: 4, max: 200 }), (a, b, keyBytes) => {
        const [few, many] = [Math.min(a, b), Math.max(a, b)];
        expect(btreePages({ rows: few, keyBytes })).toBeLessThanOrEqual(btreePages({ rows: many, keyBytes }));
        expect(heapsVocabulary(few, 10)).toBeLessThanOrEqual(heapsVocabulary(many, 10));
      }),
      { seed: 1 },
    );
  });
});
