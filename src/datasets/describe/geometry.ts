import type { Matrix } from '../../vocabulary.js';

/** How hard the nearest neighbours among some vectors are to find. */
export interface Geometry {
  /** Of how many dimensions the vectors make use near each point; null when too few differ. */
  readonly intrinsicDimension: number | null;
  /**
   * Mean distance to all others over the mean distance to the nearest: 1 means that nothing is near. From He, Kumar and
   * Chang, "On the Difficulty of Nearest Neighbor Search", ICML 2012. Falls with the size of the sample.
   */
  readonly contrast: number | null;
  /**
   * How the distances from a point to its nearest, to its tenth nearest and to any other point are spread: percentiles
   * 0, 1 … 100 of each. Empty when too few points differ.
   */
  readonly distances: {
    readonly nearest: readonly number[];
    readonly tenth: readonly number[];
    readonly any: readonly number[];
  };
}

/** Neighbours that the estimate of the dimension rests on, for each point. */
const NEIGHBOURS = 10;
const TENTH = 10;

/**
 * Estimates from all Euclidean distances among some vectors; for cosine, give vectors of length 1.
 *
 * The intrinsic dimension is the maximum-likelihood estimate of Levina and Bickel ("Maximum Likelihood Estimation of
 * Intrinsic Dimension", NIPS 2004) with the points' inverses averaged as MacKay and Ghahramani proposed in their comment
 * of 2005. It is too low where the dimension is high: thousands of points are few there. Points that coincide count as
 * one neighbour too many: they are left out.
 */
export function estimateGeometry(sample: Matrix): Geometry {
  const { rows } = sample;
  let inverseSum = 0;
  let inverses = 0;
  let distanceSum = 0;
  let nearestSum = 0;
  let points = 0;
  const nearest: number[] = [];
  const tenth: number[] = [];
  const any: number[] = [];
  for (let i = 0; i < rows; i++) {
    const distances = distancesFrom(sample, i).sort();
    const others = distances.subarray(firstAbove0(distances));
    if (others.length < 2) continue;
    points++;
    nearestSum += others[0]!;
    nearest.push(others[0]!);
    tenth.push(others[Math.min(TENTH, others.length) - 1]!);
    // A hundred of them, evenly from the order by distance, stand for all.
    for (let share = 0.005; share < 1; share += 0.01) any.push(others[Math.floor(share * others.length)]!);
    distanceSum += others.reduce((sum, distance) => sum + distance, 0) / others.length;
    const k = Math.min(NEIGHBOURS, others.length);
    const farthest = others[k - 1]!;
    let logs = 0;
    for (let j = 0; j < k - 1; j++) logs += Math.log(farthest / others[j]!);
    inverseSum += logs / (k - 1);
    inverses++;
  }
  return {
    intrinsicDimension: inverseSum > 0 ? inverses / inverseSum : null,
    contrast: points > 0 ? distanceSum / nearestSum : null,
    distances: { nearest: percentiles(nearest), tenth: percentiles(tenth), any: percentiles(any) },
  };
}

function percentiles(values: readonly number[]): readonly number[] {
  if (values.length === 0) return [];
  const sorted = Float64Array.from(values).sort();
  return Array.from({ length: 101 }, (_, p) => sorted[Math.round((p / 100) * (sorted.length - 1))]!);
}

function distancesFrom({ rows, dimensions, values }: Matrix, from: number): Float64Array {
  const distances = new Float64Array(rows);
  const start = from * dimensions;
  for (let row = 0; row < rows; row++) {
    const other = row * dimensions;
    let sum = 0;
    for (let i = 0; i < dimensions; i++) sum += (values[start + i]! - values[other + i]!) ** 2;
    distances[row] = Math.sqrt(sum);
  }
  return distances;
}

function firstAbove0(sorted: Float64Array): number {
  const first = sorted.findIndex((distance) => distance > 0);
  return first < 0 ? sorted.length : first;
}
