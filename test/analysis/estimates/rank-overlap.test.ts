import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateQuality, rankBiasedOverlap } from '../../../src/analysis/index.js';

const ranking = fc.uniqueArray(fc.nat(30), { maxLength: 20 });
const persistence = fc.double({ min: 0.5, max: 0.99, noNaN: true });

describe('rank-biased overlap', () => {
  it('of identical rankings is 1 at every length, also at those whose weights add up to more', () => {
    for (let length = 1; length <= 400; length++) {
      const rows = Array.from({ length }, (_, row) => row);
      expect({ length, overlap: rankBiasedOverlap(rows, rows, 0.9) }).toEqual({
        length,
        overlap: expect.closeTo(1, 12),
      });
      expect(rankBiasedOverlap(rows, rows, 0.9)).toBeLessThanOrEqual(1);
    }
  });

  it('is summarised whatever the rounding', () => {
    // At 22 lengths such as 176, 178 to 183 and 200 the unclamped sum is 1.0000000000000002.
    expect(estimateQuality([1, 1 + Number.EPSILON, 1])).toMatchObject({ high: 1 });
    expect(estimateQuality([0, -Number.EPSILON])).toMatchObject({ low: 0 });
    expect(() => estimateQuality([1.01])).toThrow(/from 0 to 1/);
  });

  it('is a share, whatever the rounding', () => {
    fc.assert(
      fc.property(ranking, ranking, persistence, (a, b, p) => {
        expect(rankBiasedOverlap(a, b, p)).toBeGreaterThanOrEqual(0);
        expect(rankBiasedOverlap(a, b, p)).toBeLessThanOrEqual(1);
        expect(rankBiasedOverlap(a, a, p)).toBeLessThanOrEqual(1);
        expect(rankBiasedOverlap(a, a, p)).toBeCloseTo(1, 12);
      }),
    );
  });
});
