import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowBitmap } from '../../../src/exact/row-filter.js';
import { createRandom } from '../../../src/random.js';
import { measureFilters } from '../../../src/workloads/filtered/filter-measure.js';

const ROWS = 10_000;
const NEAR = 100;

/** Queries whose filter each leaves `shares[query]` of the rows, of which `nearShares[query]` of the nearest. */
function measure(shares: readonly number[], nearShares: readonly number[], seed: string) {
  const random = createRandom(seed);
  const near = { k: NEAR, rows: Int32Array.from({ length: shares.length * NEAR }, (_, i) => i % NEAR) };
  const bitmaps = shares.map((share, query) =>
    // The first rows are the nearest of every query.
    rowBitmap(ROWS, (row) => random.next() < (row < NEAR ? nearShares[query]! : share)),
  );
  const matches = shares.map((share) => Math.max(1, Math.round(share * ROWS)));
  const filters = shares.map((_, i) => ({ column: 'c', op: '=' as const, value: i }));
  const ofQuery = Int32Array.from(shares.keys());
  return measureFilters({ bitmaps, matches, ofQuery, rows: ROWS, orphans: 0, filters }, near);
}

describe('the correlation of filters with queries', () => {
  it('has a median that lies within the middle half of the queries, whatever the classes', () => {
    const share = fc.double({ min: 0.001, max: 0.9, noNaN: true });
    const queries = fc.array(fc.tuple(share, fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: 4,
      maxLength: 40,
    });
    fc.assert(
      fc.property(queries, (all) => {
        const { median, middleHalf } = measure(
          all.map(([s]) => s),
          all.map(([, n]) => n),
          'any',
        );
        expect(median).toBeGreaterThanOrEqual(middleHalf[0]);
        expect(median).toBeLessThanOrEqual(middleHalf[1]);
      }),
      { numRuns: 30 },
    );
  });

  it('is not −1 because hardly any of so few matching rows can be near', () => {
    const shares = Array.from({ length: 400 }, () => 0.001);
    const { correlation, median, middleHalf } = measure(shares, shares, 'selective');
    expect(Math.abs(correlation)).toBeLessThan(0.5);
    expect(Math.abs(median)).toBeLessThan(0.5);
    expect(middleHalf[0]).toBeGreaterThan(-0.9);
  });

  it('tells few queries in the midst of their rows from many far off, where the mean is 0', () => {
    const shares = Array.from({ length: 100 }, () => 0.1);
    const { correlation, median } = measure(
      shares,
      shares.map((_, query) => (query < 10 ? 1 : 0)),
      'topics',
    );
    expect(Math.abs(correlation)).toBeLessThan(0.05);
    expect(median).toBe(-1);
  });
});
