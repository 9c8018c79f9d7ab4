import { describe, expect, it } from 'vitest';
import { estimateMean } from '../../../src/analysis/index.js';
import { studentQuantile } from '../../../src/analysis/stats/student.js';
import { createRandom } from '../../../src/random.js';

describe("Student's t", () => {
  // scipy.stats.t.ppf, scipy 1.17.
  it.each([
    [0.975, 1, 12.706204736174694],
    [0.975, 2, 4.302652729749462],
    [0.975, 5, 2.5705818356363146],
    [0.975, 29, 2.045229642132703],
    [0.975, 30, 2.0422724563012378],
    [0.975, 999, 1.9623414611334493],
    [0.95, 3, 2.3533634348018233],
    [0.995, 10, 3.16927267261695],
  ])('has the quantile %d with %d degrees of freedom at %d', (p, degrees, expected) => {
    expect(studentQuantile(p, degrees)).toBeCloseTo(expected, 9);
  });
});

describe('mean of a counter', () => {
  it('has Student’s interval where nothing is skewed', () => {
    const { value, low, high } = estimateMean([1, 2, 3, 4, 5]);
    const halfWidth = 2.7764451051977987 * Math.sqrt(2.5 / 5);
    expect(value).toBe(3);
    expect(low).toBeCloseTo(3 - halfWidth, 9);
    expect(high).toBeCloseTo(3 + halfWidth, 9);
  });

  it('reaches farther to the side of the tail', () => {
    const { value, low, high } = estimateMean([1, 1, 1, 1, 2, 1, 1, 9]);
    expect(high! - value).toBeGreaterThan(value - low!);
    expect(low).toBeLessThan(value);
  });

  it.each([0.2, 0.4])('covers the mean of skewed counters 94 times in 100 on 30 queries (log SD %d)', (spread) => {
    const random = createRandom(`skewed ${spread}`);
    const truth = Math.exp(spread ** 2 / 2);
    const replicates = 5000;
    let [above, below] = [0, 0];
    for (let i = 0; i < replicates; i++) {
      const { low, high } = estimateMean(Array.from({ length: 30 }, () => Math.exp(spread * random.normal())));
      if (low! > truth) above++;
      if (high! < truth) below++;
    }
    expect((above + below) / replicates).toBeLessThan(0.06);
    // Student's own interval misses 5 % on this side alone.
    expect(below / replicates).toBeLessThan(0.04);
  });

  it('bounds nothing with one value, and knows a constant', () => {
    expect(estimateMean([42])).toEqual({ value: 42, low: null, high: null });
    expect(estimateMean([7, 7, 7])).toEqual({ value: 7, low: 7, high: 7 });
    expect(() => estimateMean([])).toThrow(/at least one value/);
  });
});
