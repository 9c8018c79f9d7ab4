import { describe, expect, it } from 'vitest';
import { bettingInterval, queriesNeeded } from '../../src/analysis/index.js';
import { createRandom } from '../../src/random.js';
import { clumpedRecalls, deviation } from './clumped-recall.js';

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('queries needed to decide half a point', () => {
  it.each([
    { mean: 0.9, clumping: 0.2 },
    { mean: 0.95, clumping: 0.1 },
    { mean: 0.987, clumping: 0.6 },
  ])('is enough, and half of it is not (recall $mean, clumping $clumping)', (recall) => {
    const sample = clumpedRecalls(recall);
    const random = createRandom(`needed ${recall.mean}`);
    const needed = queriesNeeded(sample(random, 2000), 0.005);
    const reach = (queries: number): number =>
      average(
        Array.from({ length: 12 }, () => {
          const x = sample(random, queries);
          return average(x) - bettingInterval(x).low;
        }),
      );
    expect(reach(needed)).toBeLessThan(0.0055);
    expect(reach(Math.round(needed / 2))).toBeGreaterThan(0.005);
    expect(needed).toBeGreaterThan((1.96 * deviation(recall)) ** 2 / 0.005 ** 2);
  });

  it('does not call a few perfect queries enough', () => {
    const perfect = (queries: number): number => queriesNeeded(new Float64Array(queries).fill(1), 0.005);
    expect(perfect(50)).toBeGreaterThan(perfect(200));
    expect(perfect(200)).toBeGreaterThan(1000);
    // Even if nothing ever fails: 1 − 0.025^(1/n) ≤ 0.005 takes 736.
    expect(perfect(1_000_000)).toBeGreaterThanOrEqual(736);
  });

  it('falls as the width grows', () => {
    const recalls = clumpedRecalls({ mean: 0.95, clumping: 0.1 })(createRandom('falls'), 500);
    const needed = [0.0025, 0.005, 0.01, 0.02].map((halfWidth) => queriesNeeded(recalls, halfWidth));
    expect(needed).toEqual(needed.toSorted((a, b) => b - a));
    expect(queriesNeeded([0.1, 0], 0.5)).toBe(1);
  });
});
