import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rankBiasedOverlap } from '../../../src/analysis/index.js';

const ranking = fc.uniqueArray(fc.nat(30), { maxLength: 20 });
const persistence = fc.double({ min: 0.5, max: 0.99, noNaN: true });

describe('rank-biased overlap', () => {
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
