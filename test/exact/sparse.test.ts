import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exactTruth, sparseTruth, type SparseMatrix } from '../../src/exact/index.js';
import { createRandom } from '../../src/random.js';
import type { Matrix } from '../../src/vocabulary.js';
import { matrix, memoryDataset } from './memory-dataset.js';

/** About one value in five is not zero; small whole numbers, so that sums are exact in any order. */
function sparseDense(rows: number, dimensions: number, seed: string): Matrix {
  const random = createRandom(seed);
  const value = (): number => (random.int(5) === 0 ? random.int(7) - 3 : 0);
  return matrix(rows, dimensions, Array.from({ length: rows * dimensions }, value));
}

function compress({ rows, dimensions, values }: Matrix): SparseMatrix {
  const entries = [...values.entries()].filter(([, value]) => value !== 0);
  return {
    rows,
    dimensions,
    starts: Int32Array.from({ length: rows + 1 }, (_, row) => entries.filter(([i]) => i < row * dimensions).length),
    indices: Int32Array.from(entries, ([i]) => i % dimensions),
    values: Float32Array.from(entries, ([, value]) => value),
  };
}

it('sparse vectors have the neighbours of the same vectors written out', async () => {
  const size = (max: number) => fc.integer({ min: 1, max });
  await fc.assert(
    fc.asyncProperty(size(40), size(30), size(5), size(50), fc.string(), async (rows, dimensions, queries, k, seed) => {
      const base = sparseDense(rows, dimensions, `${seed} base`);
      const asked = sparseDense(queries, dimensions, `${seed} queries`);
      const dense = await exactTruth(memoryDataset(base, asked), { metric: 'ip', k });
      const plusZero = { ...dense, distances: dense.distances.map((distance) => distance + 0) };
      const sparse = sparseTruth(compress(base), compress(asked), k);
      expect({ ...sparse, distances: sparse.distances.map((distance) => distance + 0) }).toEqual(plusZero);
    }),
    { numRuns: 30 },
  );
});
