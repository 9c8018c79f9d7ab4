import { comparesBits, type Metric } from '../vocabulary.js';

/** The sums that distances are made of, in float64, over whatever represents a vector. */
export interface Sums<Vector> {
  /** Σ aᵢbᵢ */
  readonly products: (a: Vector, b: Vector) => number;
  /** Σ (aᵢ − bᵢ)² */
  readonly squaredDifferences: (a: Vector, b: Vector) => number;
  /** Σ |aᵢ − bᵢ| */
  readonly absoluteDifferences: (a: Vector, b: Vector) => number;
}

/** The bits of a vector, as numbers. */
export const signsOf = (vector: Float32Array): Float32Array => vector.map((value) => (value > 0 ? 1 : 0));

/**
 * The distance between two vectors of equal length as pgvector defines it, but summed in float64 (pgvector sums in
 * float32). Smaller is nearer for every metric. `hamming` and `jaccard` are those of the vectors' bits, see
 * {@link comparesBits}. The cosine distance to a zero vector is NaN, which PostgreSQL sorts last.
 */
export function distance(metric: Metric, a: Float32Array, b: Float32Array): number {
  return comparesBits(metric)
    ? distanceFrom(metric, plainSums, signsOf(a))(signsOf(b))
    : distanceFrom(metric, plainSums, a)(b);
}

/**
 * {@link distance} from one vector to many; for the metrics that compare signs, from bits to bits.
 *
 * Source: pgvector `src/vector.c` (`l2_distance`, `vector_negative_inner_product`, `cosine_distance`, `l1_distance`) and
 * `src/bitutils.c` (`BitHammingDistance`, `BitJaccardDistance`).
 */
export function distanceFrom<Vector>(metric: Metric, sums: Sums<Vector>, from: Vector): (to: Vector) => number {
  const { products, squaredDifferences, absoluteDifferences } = sums;
  switch (metric) {
    case 'l2':
      return (to) => Math.sqrt(squaredDifferences(from, to));
    case 'ip':
      return (to) => -products(from, to);
    case 'cosine': {
      const squaredNorm = products(from, from);
      return (to) => {
        const similarity = products(from, to) / Math.sqrt(squaredNorm * products(to, to));
        return 1 - Math.max(-1, Math.min(1, similarity));
      };
    }
    case 'l1':
      return (to) => absoluteDifferences(from, to);
    case 'hamming':
      return (to) => squaredDifferences(from, to);
    case 'jaccard': {
      const ones = products(from, from);
      return (to) => {
        const common = products(from, to);
        return common === 0 ? 1 : 1 - common / (ones + products(to, to) - common);
      };
    }
  }
}

/** In the kernel's order of summation, so that the last bit does not depend on who computes. */
export const plainSums: Sums<Float32Array> = {
  products: (a, b) => sumOf(a, b, (x, y) => x * y),
  squaredDifferences: (a, b) => sumOf(a, b, (x, y) => (x - y) * (x - y)),
  absoluteDifferences: (a, b) => sumOf(a, b, (x, y) => Math.abs(x - y)),
};

function sumOf(a: Float32Array, b: Float32Array, term: (x: number, y: number) => number): number {
  const lanes = new Float64Array(4);
  for (let i = 0; i < a.length; i++) lanes[i % 4]! += term(a[i]!, b[i]!);
  const [first, second, third, fourth] = lanes as unknown as [number, number, number, number];
  return first + third + (second + fourth);
}
