import type { Matrix } from '../../vocabulary.js';
import { percentiles } from './percentiles.js';

/** How hard the nearest neighbours among some vectors are to find. */
export interface Geometry {
  /** Of how many dimensions the vectors make use near each point; null when too few differ. */
  readonly intrinsicDimension: number | null;
  /**
   * Mean distance to all others over the mean distance to the nearest: 1 means that nothing is near. From He, Kumar and
   * Chang, "On the Difficulty of Nearest Neighbor Search", ICML 2012. Falls with the size of the sample.
   */
  readonly contrast: number | null;
  /** Percentiles 0, 1 … 100 of the Euclidean distances to the nearest; empty when too few points differ. */
  readonly nearest: readonly number[];
}

/** Neighbours that the estimate of the dimension rests on, for each point. */
const NEIGHBOURS = 10;

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
  for (let i = 0; i < rows; i++) {
    const distances = distancesFrom(sample, i).sort();
    const others = distances.subarray(firstAbove0(distances));
    if (others.length < 2) continue;
    points++;
    nearestSum += others[0]!;
    nearest.push(others[0]!);
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
    nearest: percentiles(nearest),
  };
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
