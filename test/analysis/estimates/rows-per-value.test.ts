import { describe, expect, it } from 'vitest';
import { rowsPerValue } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';

/** Sizes of the groups of equal values among rows drawn without replacement. */
function groupsOfSample(values: readonly number[], rows: number, seed: number): readonly number[] {
  const counts = new Map<number, number>();
  for (const value of createRandom(seed)
    .shuffle([...values])
    .slice(0, rows)) {
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts.values()];
}

describe('rowsPerValue', () => {
  it('is exact where all rows were read', () => {
    expect(rowsPerValue([], 100, 100)).toEqual({ value: 1, low: 1, high: 1 });
    // 50 rows of one value, 50 of their own.
    expect(rowsPerValue([50], 100, 100)).toEqual({ value: 25.5, low: 25.5, high: 25.5 });
  });

  it.each([
    ['each value 12 times', 12, Array.from({ length: 24_000 }, (_, i) => Math.floor(i / 12))],
    ['a third of one value', 1 + (1 / 3) * 7999, Array.from({ length: 24_000 }, (_, i) => (i % 3 === 0 ? -1 : i))],
  ])('is right on average, and its interval holds it: %s', (_, truth, values) => {
    const estimates = Array.from({ length: 200 }, (_, seed) =>
      rowsPerValue(groupsOfSample(values, 500, seed), 500, 24_000),
    );
    const mean = estimates.reduce((sum, { value }) => sum + value, 0) / estimates.length;
    expect(mean / truth).toBeGreaterThan(0.93);
    expect(mean / truth).toBeLessThan(1.07);
    expect(estimates.filter(({ low, high }) => low! <= truth && truth <= high!).length).toBeGreaterThan(185);
  });

  it('says how many could have been missed where none was seen', () => {
    expect(rowsPerValue([], 1000, 1_000_000)).toMatchObject({ value: 1, low: 1, high: expect.closeTo(7, 0) });
  });
});
