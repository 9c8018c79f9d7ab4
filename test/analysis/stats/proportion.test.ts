import { describe, expect, it } from 'vitest';
import { estimateProportion } from '../../../src/analysis/index.js';

describe('estimateProportion', () => {
  // Newcombe, Two-sided confidence intervals for the single proportion, Stat. Med. 17 (1998), table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('has the interval of the literature for %i of %i', (successes, trials, low, high) => {
    const found = estimateProportion(successes, trials);
    expect(found.value).toBe(successes / trials);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });
});
