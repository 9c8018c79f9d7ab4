import type { Dataset } from '../datasets/index.js';
import type { Matrix } from '../vocabulary.js';

/** The largest finite half-precision number. */
const HALF_MAX = 65_504;

/**
 * By the exponent bits of a float32: a float64 so large that its own last bit is the last bit of a half-precision number
 * of that size. Adding and taking it away rounds to that bit. Below 2^−14 half precision is subnormal: the bit stays.
 */
const ROUNDERS = Float64Array.from({ length: 256 }, (_, exponent) => 2 ** (Math.max(exponent - 127, -14) + 42));

/**
 * The nearest half-precision numbers (IEEE 754 binary16, ties to even), as float32. Numbers out of range become
 * infinite; pgvector refuses them when it casts to `halfvec`.
 */
export function roundToHalf(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return values.map((value, i) => {
    const rounder = ROUNDERS[(bits[i]! >>> 23) & 0xff]!;
    const magnitude = Math.abs(value) + rounder - rounder;
    return Math.sign(value) * (magnitude > HALF_MAX ? Infinity : magnitude);
  });
}

/**
 * The same dataset as `halfvec` stores it. The exact neighbours of this view against those of the dataset tell what
 * representation loses; an index over `halfvec` against this view tells what the search loses.
 */
export function halfPrecision(dataset: Dataset): Dataset {
  const rounded = <M extends Matrix>(matrix: M): M => ({ ...matrix, values: roundToHalf(matrix.values) });
  return {
    manifest: { ...dataset.manifest, hash: `${dataset.manifest.hash}:half` },
    queries: rounded(dataset.queries),
    async *blocks(rowsPerBlock) {
      for await (const block of dataset.blocks(rowsPerBlock)) yield rounded(block);
    },
    vector: (row) => roundToHalf(dataset.vector(row)),
    rows: () => dataset.rows(),
    queryRows: () => dataset.queryRows(),
    declaredNeighbours: async () => null,
    cacheFolder: dataset.cacheFolder,
    close: () => dataset.close(),
  };
}
