import { plainSums } from '../distance.js';
import {
  BLOCK_QUERIES,
  BLOCK_ROWS,
  FLOAT_BYTES,
  MAX_TILE_ROWS,
  strideOf,
  type Kernel,
  type ScoreRows,
  type SumName,
} from './kernel.js';

/** The kernel in plain TypeScript: what the assembled one must agree with, scores up to rounding. */
export function createReferenceKernel(buffer: ArrayBufferLike, dimensions: number): Kernel {
  const floats = new Float32Array(buffer);
  const stride = strideOf(dimensions);
  const floatsFrom = (address: number): Float32Array => floats.subarray(address / FLOAT_BYTES);

  const sumOf =
    (name: SumName) =>
    (a: number, b: number): number =>
      plainSums[name](floatsFrom(a).subarray(0, dimensions), floatsFrom(b).subarray(0, dimensions));
  const scoreBy =
    (name: SumName): ScoreRows =>
    (queries, rows, count, scales, scores) => {
      for (let r = 0; r < BLOCK_QUERIES; r++) {
        for (let c = 0; c < Math.ceil(count / BLOCK_ROWS) * BLOCK_ROWS; c++) {
          const sum = Math.fround(sumOf(name)(queries + r * stride, rows + c * stride));
          floatsFrom(scores)[r * MAX_TILE_ROWS + c] = sum * floatsFrom(scales)[c]!;
        }
      }
    };
  const byName = <F>(make: (name: SumName) => F): Record<SumName, F> => ({
    products: make('products'),
    squaredDifferences: make('squaredDifferences'),
    absoluteDifferences: make('absoluteDifferences'),
  });

  return {
    score: byName(scoreBy),
    sum: byName(sumOf),
    findWithin(scores, from, to, limit) {
      const bound = Math.fround(limit);
      let position = from;
      while (position < to && floatsFrom(scores)[position]! > bound) position++;
      return position;
    },
  };
}
