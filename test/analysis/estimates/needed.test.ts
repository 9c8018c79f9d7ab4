import { describe, expect, it } from 'vitest';
import { bettingInterval, queriesNeeded, queriesToShow } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';
import { clumpedRecalls } from '../clumped-recall.js';

const average = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length;

describe('queries needed to decide half a point', () => {
  it.each([
    { mean: 0.8, clumping: 0.1 },
    { mean: 0.9, clumping: 0.05 },
    { mean: 0.95, clumping: 0.1 },
    { mean: 0.98, clumping: 0.6 },
    { mean: 0.99, clumping: 0.05 },
    { mean: 0.998, clumping: 0.05 },
  ])('is about what it takes (recall $mean, clumping $clumping)', (recall) => {
    const sample = clumpedRecalls(recall);
    const random = createRandom(`needed ${recall.mean}`);
    const needed = queriesNeeded(sample(random, 1000), 0.005);
    const reach = average(
      Array.from({ length: 20 }, () => {
        const x = sample(random, needed);
        return average(x) - bettingInterval(x).low;
      }),
    );
    expect(reach).toBeGreaterThan(0.004);
    expect(reach).toBeLessThan(0.0055);
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
  });
});

describe('queries needed to show a recall at all', () => {
  it.each([0.5, 0.9, 0.95, 0.99, 0.999])('is little more than the least possible for %d', (target) => {
    const queries = queriesToShow(target);
    // Of n perfect answers, 1 − 0.025^(1/n) is the least loss that no method can rule out.
    const least = Math.ceil(Math.log(0.025) / Math.log(target));
    expect(queries).toBeGreaterThanOrEqual(least);
    expect(queries).toBeLessThanOrEqual(1.02 * least + 1);
    expect(bettingInterval(new Float64Array(queries).fill(1)).low).toBeGreaterThanOrEqual(target);
    expect(bettingInterval(new Float64Array(queries - 1).fill(1)).low).toBeLessThan(target);
  });

  it('has no number for certainty', () => {
    expect(queriesToShow(1)).toBe(Infinity);
  });
});
