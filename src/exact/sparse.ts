import { collectTruth } from './collect-truth.js';
import { createNearest } from './nearest.js';
import type { Truth } from './truth.js';

/** Vectors that are mostly zero, in compressed rows: row i holds the entries `starts[i] … starts[i + 1] − 1`. */
export interface SparseMatrix {
  readonly rows: number;
  readonly dimensions: number;
  readonly starts: Int32Array;
  /** Dimensions from 0 on, at most once in a row. */
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/**
 * Exact neighbours by inner product of `sparsevec` data that fits into memory: for each query, only the entries of the
 * base in the query's own dimensions are visited.
 *
 * Source of the distance: pgvector `src/sparsevec.c`, `sparsevec_negative_inner_product`; here summed in float64.
 */
export function sparseTruth(base: SparseMatrix, queries: SparseMatrix, k: number): Truth {
  const columns = transpose(base);
  const sums = new Float64Array(base.rows);
  const answers = Array.from({ length: queries.rows }, (_, query) => {
    sums.fill(0);
    for (let entry = queries.starts[query]!; entry < queries.starts[query + 1]!; entry++) {
      const dimension = queries.indices[entry]!;
      const weight = queries.values[entry]!;
      for (let i = columns.starts[dimension]!; i < columns.starts[dimension + 1]!; i++) {
        sums[columns.indices[i]!]! += weight * columns.values[i]!;
      }
    }
    const nearest = createNearest(k, 'ip');
    for (const [row, sum] of sums.entries()) if (-sum <= nearest.limit) nearest.offer(row, -sum);
    return { query, ...nearest.answer() };
  });
  return collectTruth({ metric: 'ip', k, queries: queries.rows }, answers);
}

/** Rows become columns: a counting sort of the entries by their index. */
function transpose({ rows, dimensions, starts, indices, values }: SparseMatrix): SparseMatrix {
  const transposed = {
    rows: dimensions,
    dimensions: rows,
    starts: new Int32Array(dimensions + 1),
    indices: new Int32Array(indices.length),
    values: new Float32Array(values.length),
  };
  for (const index of indices) transposed.starts[index + 1]!++;
  for (let i = 0; i < dimensions; i++) transposed.starts[i + 1]! += transposed.starts[i]!;
  const next = transposed.starts.slice(0, dimensions);
  for (let row = 0; row < rows; row++) {
    for (let entry = starts[row]!; entry < starts[row + 1]!; entry++) {
      const at = next[indices[entry]!]!++;
      transposed.indices[at] = row;
      transposed.values[at] = values[entry]!;
    }
  }
  return transposed;
}
