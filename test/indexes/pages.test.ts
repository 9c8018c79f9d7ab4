import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  heapPages,
  hnswElementsPerPage,
  hnswMaxLevel,
  hnswPages,
  hnswPagesClosedForm,
  hnswPagesOfLevels,
  ivfflatPages,
  ivfflatPagesOfLists,
  PAGE_BYTES,
  sampleHnswLevel,
  simulateHnswPages,
  valueBytes,
} from '../../src/indexes/index.js';
import { createRandom } from '../../src/random.js';
import { cases, MB } from './cases.js';

const representation = fc.constantFrom('vector' as const, 'halfvec' as const, 'bit' as const);
const dimensions = fc.integer({ min: 1, max: 1999 });
const m = fc.integer({ min: 2, max: 100 });

const shuffledLevels = (byLevel: readonly number[], seed: number): number[] =>
  createRandom(seed).shuffle(byLevel.flatMap((count, level) => Array.from({ length: count }, () => level)));

describe('stored bytes', () => {
  it.each([
    [{ type: 'vector', dimensions: 1536 } as const, 6152],
    [{ type: 'halfvec', dimensions: 1536 } as const, 3080],
    [{ type: 'bit', dimensions: 1537 } as const, 201],
    [{ type: 'sparsevec', nonZeros: 100 } as const, 816],
  ])('%j takes %i bytes', (value, bytes) => {
    expect(valueBytes(value)).toBe(bytes);
  });
});

describe('HNSW pages', () => {
  it.each(cases.hnswPages)('packs the measured levels of $type($dimensions), m=$m into $pages pages', (measured) => {
    const layout = { m: measured.m, valueBytes: valueBytes(measured) };
    for (const seed of [1, 2, 3]) {
      const pages = hnswPagesOfLevels(layout, shuffledLevels(measured.elementsByLevel, seed));
      expect(Math.abs(pages - measured.pages)).toBeLessThanOrEqual(1);
    }
  });

  it.each(cases.hnswPages)('estimates $type($dimensions), m=$m without knowing its levels', (measured) => {
    const layout = { m: measured.m, valueBytes: valueBytes(measured) };
    const elements = measured.elementsByLevel.reduce((a, b) => a + b);
    expect(hnswPages(layout, elements) / measured.pages).toBeCloseTo(1, 2);
    expect(hnswPagesClosedForm(layout, elements) / measured.pages).toBeGreaterThan(0.92);
  });

  it.each(cases.publishedSizes)('agrees with $mib MiB published for $type($dimensions) × $rows', (published) => {
    const pages = hnswPages({ m: published.m, valueBytes: valueBytes(published) }, published.rows);
    expect((pages * PAGE_BYTES) / MB / published.mib).toBeCloseTo(1, 2);
  });

  it('draws levels with P(level ≥ l) = m^−l', () => {
    const random = createRandom('levels');
    const levels = Array.from({ length: 200_000 }, () => sampleHnswLevel(4, random));
    const share = (least: number): number => levels.filter((level) => level >= least).length / levels.length;
    expect(share(1)).toBeCloseTo(1 / 4, 2);
    expect(share(2)).toBeCloseTo(1 / 16, 2);
    expect(share(3)).toBeCloseTo(1 / 64, 2);
  });

  it('caps levels so that the neighbours fit on a page', () => {
    expect([2, 16, 100].map(hnswMaxLevel)).toEqual([63, 63, 11]);
    expect(hnswPagesOfLevels({ m: 100, valueBytes: 20 }, [hnswMaxLevel(100)])).toBe(2);
  });

  it('takes two pages for an element that does not fit beside its neighbours', () => {
    const layout = { m: 16, valueBytes: valueBytes({ type: 'vector', dimensions: 1969 }) };
    expect(hnswElementsPerPage(layout)).toBe(0.5);
    expect(hnswPages(layout, 1000)).toBe(2001);
  });

  it('has a metapage and a data page even without elements', () => {
    expect(hnswPages({ m: 16, valueBytes: 20 }, 0)).toBe(2);
  });

  it('never shrinks with more elements, more dimensions or when scaled from a sample', () => {
    fc.assert(
      fc.property(representation, dimensions, m, fc.integer({ min: 1, max: 60_000 }), (type, d, m, elements) => {
        const layout = { m, valueBytes: valueBytes({ type, dimensions: d }) };
        const roomier = { m, valueBytes: valueBytes({ type, dimensions: d + 1 }) };
        const pages = hnswPages(layout, elements);
        expect(hnswPages(layout, elements + 1000)).toBeGreaterThanOrEqual(pages);
        expect(hnswPages(roomier, elements)).toBeGreaterThanOrEqual(pages);
      }),
      { numRuns: 30, seed: 1 },
    );
  });

  it('exceeds the closed form by at most 1.6/m, whatever the draw of levels', () => {
    fc.assert(
      fc.property(representation, dimensions, m, fc.integer(), (type, d, m, seed) => {
        const layout = { m, valueBytes: valueBytes({ type, dimensions: d }) };
        const simulated = simulateHnswPages(layout, 10_000, createRandom(seed));
        const closed = hnswPagesClosedForm(layout, 10_000);
        expect(simulated / closed).toBeGreaterThan(0.99);
        expect(simulated / closed).toBeLessThan(1 + 1.6 / m);
      }),
      { numRuns: 100, seed: 1 },
    );
  });
});

describe('IVFFlat pages', () => {
  it.each(cases.ivfflatPages)('packs the measured lists of $type($dimensions) into $pages pages', (measured) => {
    const { listSizes, pages } = measured;
    expect(ivfflatPagesOfLists(listSizes, valueBytes(measured))).toBe(pages);
    const rows = listSizes.reduce((a, b) => a + b);
    const estimate = ivfflatPages({ rows, lists: listSizes.length, valueBytes: valueBytes(measured) });
    expect(estimate / pages).toBeCloseTo(1, 2);
  });

  it('is within 1 % of packing lists of unequal size, from two pages a list on', () => {
    fc.assert(
      fc.property(
        representation,
        dimensions,
        fc.integer({ min: 400, max: 800 }),
        fc.integer(),
        (type, d, lists, seed) => {
          const bytes = valueBytes({ type, dimensions: d });
          const perPage = Math.max(1, Math.floor(8160 / (bytes + 12)));
          const random = createRandom(seed);
          // Mean 6 pages a list, coefficient of variation 0.58 (uniform up to twice the mean).
          const sizes = Array.from({ length: lists }, () => 1 + random.int(12 * perPage));
          const rows = sizes.reduce((a, b) => a + b);
          const exact = ivfflatPagesOfLists(sizes, bytes);
          expect(Math.abs(ivfflatPages({ rows, lists, valueBytes: bytes }) / exact - 1)).toBeLessThan(0.01);
        },
      ),
      { numRuns: 100, seed: 1 },
    );
  });

  it('gives every list a page, and never shrinks with rows or dimensions', () => {
    fc.assert(
      fc.property(
        representation,
        dimensions,
        fc.integer({ min: 1, max: 32_768 }),
        fc.integer({ min: 1, max: 10_000_000 }),
        (type, d, lists, rows) => {
          const pages = ivfflatPages({ rows, lists, valueBytes: valueBytes({ type, dimensions: d }) });
          expect(pages).toBeGreaterThan(lists);
          expect(
            ivfflatPages({ rows: rows + 1000, lists, valueBytes: valueBytes({ type, dimensions: d }) }),
          ).toBeGreaterThanOrEqual(pages);
          expect(
            ivfflatPages({ rows, lists, valueBytes: valueBytes({ type, dimensions: d + 1 }) }),
          ).toBeGreaterThanOrEqual(pages - 1);
        },
      ),
      { seed: 1 },
    );
  });
});

describe('heap pages', () => {
  it.each(cases.heapPages)('$rows rows of vector($dimensions) take $pages pages', ({ pages, ...table }) => {
    const bytes = valueBytes({ type: 'vector', dimensions: table.dimensions });
    expect(heapPages({ ...table, valueBytes: bytes })).toEqual({ heapPages: pages, toastPages: 0 });
  });

  it('moves long vectors out of line, which makes the heap tiny', () => {
    const inline = heapPages({
      rows: 1570,
      otherBytes: 8,
      valueBytes: valueBytes({ type: 'vector', dimensions: 496 }),
    });
    const toasted = heapPages({
      rows: 1570,
      otherBytes: 8,
      valueBytes: valueBytes({ type: 'vector', dimensions: 520 }),
    });
    expect(inline).toEqual({ heapPages: 393, toastPages: 0 });
    expect(toasted).toEqual({ heapPages: 12, toastPages: 524 });
  });

  it('has no pages without rows', () => {
    expect(heapPages({ rows: 0, otherBytes: 8, valueBytes: 264 })).toEqual({ heapPages: 0, toastPages: 0 });
  });
});
