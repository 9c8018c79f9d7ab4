import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holm } from '../../../src/analysis/index.js';
import { signedRank, signedRankShift } from '../../../src/analysis/stats/wilcoxon.js';
import { createRandom } from '../../../src/random.js';

describe('signed-rank test', () => {
  it('gives the exact probability of the classic example', () => {
    // Hollander & Wolfe, table 3.1: depression of nine patients before and after a first therapy.
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const test = signedRank(before.map((value, i) => value - after[i]!));
    expect(test).toMatchObject({ n: 9, statistic: 40 });
    expect(test.pGreater).toBeCloseTo(10 / 2 ** 9, 12);
    expect(test.pTwoSided).toBeCloseTo(20 / 2 ** 9, 12);
  });

  // Critical values of the signed-rank statistic, one-sided 5 %: Wilcoxon & Wilcox (1964), as reprinted everywhere.
  it.each([
    [5, 0],
    [6, 2],
    [8, 5],
    [10, 10],
    [15, 30],
    [20, 60],
    [30, 151],
    [50, 466],
  ])('agrees with the table: n = %d is significant up to %d', (n, critical) => {
    expect(signedRank(withNegativeRankSum(n, critical)).pGreater).toBeLessThanOrEqual(0.05);
    expect(signedRank(withNegativeRankSum(n, critical + 1)).pGreater).toBeGreaterThan(0.05);
  });

  it('counts ties exactly', () => {
    // scipy.stats.permutation_test over all 1024 signs, scipy 1.17.
    const test = signedRank([1, 1, -1, 2, 2, 3, -3, 4, 5, 5]);
    expect(test.statistic).toBe(46.5);
    expect(test.pGreater).toBeCloseTo(0.0302734375, 12);
  });

  it('drops zeros and is normal with ties for many differences', () => {
    // scipy.stats.wilcoxon(method='approx', correction=True), scipy 1.17.
    const test = signedRank(Array.from({ length: 150 }, (_, i) => (((i * 37) % 101) - 45) / 10));
    expect(test).toMatchObject({ n: 149, statistic: 6574.5 });
    expect(test.pGreater).toBeCloseTo(0.030769276001629892, 12);
    expect(test.pTwoSided).toBeCloseTo(0.061538552003259785, 12);
  });

  it('is near the exact probability where the approximation takes over', () => {
    // scipy.stats.wilcoxon(method='exact'), scipy 1.17.
    expect(signedRank(withNegativeRankSum(100, 2000)).pGreater).toBeCloseTo(0.035608620255782375, 12);
    const { pGreater } = signedRank(withNegativeRankSum(101, 2000));
    expect(pGreater / 0.025574622901863076).toBeGreaterThan(0.98);
    expect(pGreater / 0.025574622901863076).toBeLessThan(1.02);
  });

  it('changes sides with the sign', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 40 }), (differences) => {
        const test = signedRank(differences);
        const mirrored = signedRank(differences.map((difference) => -difference));
        expect(mirrored.pLess).toBeCloseTo(test.pGreater, 12);
        expect(mirrored.pTwoSided).toBeCloseTo(test.pTwoSided, 12);
        expect(test.pGreater + test.pLess).toBeGreaterThanOrEqual(1 - 1e-12);
      }),
    );
  });

  it('shows nothing without differences', () => {
    expect(signedRank([0, 0])).toEqual({ n: 0, statistic: 0, pGreater: 1, pLess: 1, pTwoSided: 1 });
  });

  /** 1 … n with signs such that the ranks of the negative ones sum to `negative`. */
  function withNegativeRankSum(n: number, negative: number): readonly number[] {
    let left = negative;
    const values: number[] = [];
    for (let rank = n; rank >= 1; rank--) {
      const takes = rank <= left;
      if (takes) left -= rank;
      values.push(takes ? -rank : rank);
    }
    return values;
  }
});

describe('Holm', () => {
  it('adjusts as in the textbook', () => {
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([0.03, 0.06, 0.06, 0.02]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('never lowers a p-value and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }), (pValues) => {
        const adjusted = holm(pValues);
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p);
          for (const [j, q] of pValues.entries()) if (p < q) expect(adjusted[i]).toBeLessThanOrEqual(adjusted[j]!);
        }
      }),
    );
  });
});

describe('shift that goes with the signed-rank test', () => {
  it('is that of the classic example', () => {
    // Hollander & Wolfe, table 3.1 and examples 3.3 and 3.4, with the other sign.
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const { value, low, high } = signedRankShift(before.map((value, i) => value - after[i]!));
    expect(value).toBeCloseTo(0.46, 12);
    expect(low).toBeCloseTo(0.01, 12);
    expect(high).toBeCloseTo(0.786, 12);
  });

  it('has an interval from six differences on', () => {
    expect(signedRankShift([1, 2, 3, 4, 5])).toMatchObject({ value: 3, low: null, high: null });
    expect(signedRankShift([1, 2, 3, 4, 5, 6])).toEqual({ value: 3.5, low: 1, high: 6 });
    expect(() => signedRankShift([])).toThrow(/got none/);
  });

  it('lies where the test turns: shifts inside the interval are not refuted, those outside are', () => {
    const random = createRandom('shift');
    for (const n of [6, 20, 100, 150]) {
      const differences = Array.from({ length: n }, () => 0.3 + random.normal());
      const { low, high } = signedRankShift(differences);
      const p = (shift: number): number => signedRank(differences.map((one) => one - shift)).pTwoSided;
      for (const [inside, outside] of [
        [low! + 1e-9, low! - 1e-9],
        [high! - 1e-9, high! + 1e-9],
      ] as const) {
        expect(p(inside)).toBeGreaterThan(0.05);
        expect(p(outside)).toBeLessThanOrEqual(0.05);
      }
    }
  });

  it('covers the shift of symmetric differences, and spreads less than their median unless the tails are heavy', () => {
    const random = createRandom('spread of shifts');
    // Student's t for two degrees of freedom: its variance is infinite.
    const heavy = (): number => random.normal() / Math.sqrt((random.normal() ** 2 + random.normal() ** 2) / 2);
    for (const [draw, most] of [
      [() => random.normal(), 0.9],
      [heavy, 1.1],
    ] as const) {
      const samples = Array.from({ length: 800 }, () => Array.from({ length: 20 }, draw));
      const shifts = samples.map((sample) => signedRankShift(sample));
      const covered = shifts.filter(({ low, high }) => low! <= 0 && 0 <= high!).length / samples.length;
      expect(covered).toBeGreaterThan(0.935);
      const spread = (values: readonly number[]): number =>
        Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);
      const medians = samples.map((sample) => {
        const sorted = sample.toSorted((a, b) => a - b);
        return (sorted[9]! + sorted[10]!) / 2;
      });
      expect(spread(shifts.map(({ value }) => value))).toBeLessThan(most * spread(medians));
    }
  });
});
