import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance } from '../../src/exact/index.js';
import { metricSchema } from '../../src/vocabulary.js';

const of = (...values: number[]): Float32Array => Float32Array.from(values);

describe('distance', () => {
  it.each([
    ['l2', of(1, 2, 3), of(4, 6, 3), 5],
    ['ip', of(1, 2, 3), of(4, -5, 6), -12],
    ['cosine', of(1, 0), of(0, 2), 1],
    ['cosine', of(1, 1), of(3, 3), 0],
    ['cosine', of(1, 1), of(-2, -2), 2],
    ['cosine', of(1, 1), of(0, 0), NaN],
    ['l1', of(1, 2, 3), of(4, 0, 3), 5],
    ['hamming', of(1, -1, 0, 2), of(0.5, 1, -1, 0), 2],
    ['jaccard', of(1, 1, 1, 0), of(1, 0, 1, 1), 0.5],
    ['jaccard', of(1, 0), of(0, 1), 1],
    ['jaccard', of(0, 0), of(-1, 0), 1],
  ] as const)('%s of %s and %s is %f', (metric, a, b, expected) => {
    expect(distance(metric, a, b)).toBe(expected);
  });

  it('adds in float64 what float32 would lose', () => {
    expect(distance('ip', of(1e8, 1), of(1, 1))).toBe(-100_000_001);
    expect(distance('l1', of(16_777_216, 1), of(0, 0))).toBe(16_777_217);
  });

  it('is the same both ways, and never beyond the bounds of its kind', () => {
    const vector = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(fc.constantFrom(...metricSchema.options), vector, vector, (metric, a, b) => {
        const forth = distance(metric, of(...a), of(...b));
        expect(distance(metric, of(...b), of(...a))).toBe(forth);
        if (metric === 'ip' || Number.isNaN(forth)) return;
        expect(forth).toBeGreaterThanOrEqual(0);
        if (metric === 'cosine') expect(forth).toBeLessThanOrEqual(2);
        if (metric === 'jaccard') expect(forth).toBeLessThanOrEqual(1);
      }),
    );
    // Where rounding leads beyond: one direction, and the opposite one.
    const sized = fc.array(fc.float({ min: Math.fround(0.1), max: 9, noNaN: true }), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(sized, fc.double({ min: 0.1, max: 9, noNaN: true }), (values, times) => {
        const [a, b] = [of(...values), of(...values.map((value) => value * times))];
        expect(distance('cosine', a, b)).toBeGreaterThanOrEqual(0);
        expect(
          distance(
            'cosine',
            a,
            b.map((value) => -value),
          ),
        ).toBeLessThanOrEqual(2);
      }),
      { numRuns: 1000 },
    );
  });
});
