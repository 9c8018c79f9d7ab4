import { setFlagsFromString } from 'node:v8';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  allocateMemory,
  BLOCK_QUERIES,
  createReferenceKernel,
  createSimdKernel,
  FLOAT_BYTES,
  MAX_TILE_ROWS,
  strideOf,
} from '../../src/exact/kernel/index.js';
import { createRandom } from '../../src/random.js';

const sums = ['products', 'squaredDifferences', 'absoluteDifferences'] as const;

/** Two queries and some rows in a memory of their own, both kernels over it, and room for the scores. */
function arrange(dimensions: number, rows: number, seed: string) {
  const stride = strideOf(dimensions);
  const rowsAt = BLOCK_QUERIES * stride;
  const scalesAt = rowsAt + (rows + 4) * stride;
  const scoresAt = scalesAt + (rows + 4) * FLOAT_BYTES;
  const memory = allocateMemory(scoresAt + (BLOCK_QUERIES * MAX_TILE_ROWS + 4) * FLOAT_BYTES);
  const floats = new Float32Array(memory.buffer);
  const random = createRandom(seed);
  for (let vector = 0; vector < BLOCK_QUERIES + rows; vector++) {
    for (let i = 0; i < dimensions; i++) floats[(vector * stride) / FLOAT_BYTES + i] = random.normal();
  }
  for (let row = 0; row < rows; row++) floats[scalesAt / FLOAT_BYTES + row] = random.normal();
  const scoresOf = (query: number) => {
    const first = scoresAt / FLOAT_BYTES + query * MAX_TILE_ROWS;
    return floats.slice(first, first + rows);
  };
  const simd = createSimdKernel(memory, dimensions)!;
  const reference = createReferenceKernel(memory.buffer, dimensions);
  return { stride, rowsAt, scalesAt, scoresAt, floats, scoresOf, simd, reference };
}

// Node 20 has the relaxed instructions behind a flag, later ones without.
const [engineMajor] = process.versions.node.split('.').map(Number);
const engines = engineMajor === 20 ? ['as it is', 'relaxed'] : ['relaxed'];

describe.each(engines.flatMap((engine) => sums.map((sum) => ({ engine, sum }))))(
  'SIMD $sum, $engine',
  ({ engine, sum }) => {
    beforeAll(() => {
      if (engineMajor === 20 && engine === 'relaxed') setFlagsFromString('--experimental-wasm-relaxed-simd');
    });

    it.each([1, 3, 4, 5, 17, 768, 1536])('agree with the plain kernel in %i dimensions', (dimensions) => {
      const rows = 11;
      const { rowsAt, scalesAt, scoresAt, floats, scoresOf, simd, reference } = arrange(dimensions, rows, sum);
      reference.score[sum](0, rowsAt, rows, scalesAt, scoresAt);
      const expected = [scoresOf(0), scoresOf(1)];
      simd.score[sum](0, rowsAt, rows, scalesAt, scoresAt);
      // The bound of a float32 sum, on terms of size about one.
      const tolerance = 2 * dimensions * (dimensions / 4 + 8) * 2 ** -24;
      for (const [query, scores] of expected.entries()) {
        for (const [row, score] of scores.entries()) {
          const scale = floats[scalesAt / FLOAT_BYTES + row]!;
          expect(Math.abs(scoresOf(query)[row]! - score)).toBeLessThanOrEqual(tolerance * Math.abs(scale));
        }
      }
    });

    it('in float64 equal those of the plain kernel to the last bit', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 70 }), fc.string(), (dimensions, seed) => {
          const { stride, simd, reference } = arrange(dimensions, 3, seed);
          expect(simd.sum[sum](0, 3 * stride)).toBe(reference.sum[sum](0, 3 * stride));
          expect(simd.sum[sum](stride, stride)).toBe(reference.sum[sum](stride, stride));
        }),
        { numRuns: 30 },
      );
    });
  },
);

describe('findWithin', () => {
  it('finds the same position in both kernels, whatever the scores', () => {
    const { simd, reference, floats, scoresAt } = arrange(4, 1, 'find');
    const score = fc.oneof(fc.float({ noDefaultInfinity: false }), fc.constant(NaN), fc.integer({ min: -2, max: 2 }));
    const scores = fc.array(score, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.nat(39), score, (values, start, limit) => {
        floats.set(values, scoresAt / FLOAT_BYTES);
        const from = start % values.length;
        const expected = reference.findWithin(scoresAt, from, values.length, limit);
        const found = simd.findWithin(scoresAt, from, values.length, limit);
        expect(Math.min(found, values.length)).toBe(expected);
      }),
    );
  });

  it('does not pass over what is not a number', () => {
    const { simd, floats, scoresAt } = arrange(4, 1, 'nan');
    floats.set([5, 5, NaN, 1], scoresAt / FLOAT_BYTES);
    expect(simd.findWithin(scoresAt, 0, 4, 2)).toBe(2);
    expect(simd.findWithin(scoresAt, 3, 4, 2)).toBe(3);
    expect(simd.findWithin(scoresAt, 3, 4, 0)).toBeGreaterThanOrEqual(4);
  });
});
