import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgedRecallAt, ndcgAt, overlapAt, reciprocalRankAt } from '../../../src/analysis/index.js';

const K = 10;
/** With rows that are named more than once, and grades of any size. */
const rows = fc.array(fc.nat(15), { maxLength: 20 });
const grades = fc
  .array(fc.tuple(fc.nat(15), fc.double({ min: 1e-3, max: 1e3, noNaN: true })), { minLength: 1, maxLength: 16 })
  .map((entries) => new Map(entries));

describe('the quality of a ranking', () => {
  it('is a share, whatever is returned and however it was judged', () => {
    fc.assert(
      fc.property(rows, grades, (ranking, judged) => {
        for (const measure of [ndcgAt, reciprocalRankAt, judgedRecallAt]) {
          const value = measure(ranking, judged, K);
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(1);
        }
        expect(overlapAt(ranking, [...judged.keys()], K)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('is a share where grades differ by less than a sum of them can hold, in any order', () => {
    const alike = fc.array(
      fc.nat(2).map((ulps) => 1 + ulps * Number.EPSILON),
      { minLength: 2, maxLength: K },
    );
    fc.assert(
      fc.property(alike, fc.infiniteStream(fc.nat()), (values, draws) => {
        const order = [...values.keys()]
          .map((row) => ({ row, at: draws.next().value! }))
          .toSorted((a, b) => a.at - b.at);
        const judged = new Map(values.entries());
        expect(
          ndcgAt(
            order.map(({ row }) => row),
            judged,
            K,
          ),
        ).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });

  it('is 1 for the best order, 0 without a relevant row, and none where nothing is relevant', () => {
    fc.assert(
      fc.property(grades, (judged) => {
        const best = [...judged].toSorted(([, a], [, b]) => b - a).map(([row]) => row);
        expect(ndcgAt(best, judged, K)).toBe(1);
        expect(reciprocalRankAt(best, judged, K)).toBe(1);
        expect(ndcgAt([99], judged, K)).toBe(0);
        expect(judgedRecallAt([99], judged, K)).toBe(0);
        expect(ndcgAt(best, new Map(best.map((row) => [row, 0])), K)).toBeNull();
      }),
    );
  });

  it('counts a row once, however often it is named', () => {
    const judged = new Map([[5, 1]]);
    expect(ndcgAt([5, 5, 5], judged, K)).toBe(1);
    expect(judgedRecallAt([5, 5, 5], judged, K)).toBe(1);
  });
});
