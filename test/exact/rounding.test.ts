import fc from 'fast-check';
import { expect, it } from 'vitest';
import { roundingOf } from '../../src/exact/rounding.js';
import { distance } from '../../src/exact/index.js';

/** As pgvector's loop runs: sums of every fourth product in float32, added at the end. */
function servedProduct(a: Float32Array, b: Float32Array): number {
  const lanes = new Float32Array(4);
  for (let i = 0; i < a.length; i++) lanes[i % 4] = lanes[i % 4]! + Math.fround(a[i]! * b[i]!);
  return Math.fround(Math.fround(lanes[0]! + lanes[1]!) + Math.fround(lanes[2]! + lanes[3]!));
}

const pair = fc.integer({ min: 1, max: 300 }).chain((dimensions) => {
  const value = fc.float({ min: -1000, max: 1000, noNaN: true }).filter((x) => x === 0 || Math.abs(x) > 1e-3);
  const vector = fc.array(value, { minLength: dimensions, maxLength: dimensions }).map((v) => Float32Array.from(v));
  return fc.tuple(vector, vector);
});

it('bounds the error of an inner product in float32, at any norms and however far products cancel', () => {
  fc.assert(
    fc.property(pair, ([a, b]) => {
      // What is across the first, so that next to nothing is left of large products.
      const squared = a.reduce((sum, value) => sum + value * value, 0);
      const share = squared === 0 ? 0 : -distance('ip', a, b) / squared;
      for (const other of [b, b.map((value, i) => value - share * a[i]!)]) {
        const error = Math.abs(servedProduct(a, other) + distance('ip', a, other));
        expect(error).toBeLessThanOrEqual(roundingOf('ip', a, other));
      }
    }),
    { numRuns: 500 },
  );
});

it('is nothing where terms are not negative, and goes with both norms', () => {
  const [a, b] = [Float32Array.of(1, 2, 3), Float32Array.of(3, 2, 1)];
  expect(roundingOf('l2', a, b)).toBe(0);
  const twice = a.map((value) => 2 * value);
  expect(roundingOf('ip', twice, b) / roundingOf('ip', a, b)).toBeCloseTo(2, 9);
});
