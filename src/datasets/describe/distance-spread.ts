import type { Matrix, Metric } from '../../vocabulary.js';
import { percentiles } from './percentiles.js';

/**
 * How the distances from a row to its nearest, to its tenth nearest and to any other row are spread: percentiles
 * 0, 1 … 100 of each, as the metric's operator of pgvector gives them. Empty when there are too few rows.
 */
export interface DistanceSpread {
  readonly metric: Metric;
  readonly nearest: readonly number[];
  readonly tenth: readonly number[];
  readonly any: readonly number[];
}

const TENTH = 10;
/** Percentiles need no more. */
const ROWS = 500;

/** Rows that equal another are no neighbours of it here: what is nearest besides is asked for. */
export function distanceSpread(sample: Matrix, metric: Metric): DistanceSpread {
  const rows = Math.min(sample.rows, ROWS);
  const nearest: number[] = [];
  const tenth: number[] = [];
  const any: number[] = [];
  for (let i = 0; i < rows; i++) {
    const others = distancesFrom({ ...sample, rows }, i, metric).sort();
    if (others.length < 2) continue;
    nearest.push(others[0]!);
    tenth.push(others[Math.min(TENTH, others.length) - 1]!);
    // A hundred of them, evenly from the order by distance, represent all.
    for (let share = 0.005; share < 1; share += 0.01) any.push(others[Math.floor(share * others.length)]!);
  }
  return { metric, nearest: percentiles(nearest), tenth: percentiles(tenth), any: percentiles(any) };
}

function distancesFrom({ rows, dimensions, values }: Matrix, from: number, metric: Metric): Float64Array {
  const distanceOf = DISTANCES[metric];
  const vector = values.subarray(from * dimensions, (from + 1) * dimensions);
  const distances: number[] = [];
  for (let row = 0; row < rows; row++) {
    const other = values.subarray(row * dimensions, (row + 1) * dimensions);
    if (row !== from && !other.every((value, i) => value === vector[i])) distances.push(distanceOf(vector, other));
  }
  return Float64Array.from(distances);
}

type DistanceOf = (a: Float32Array, b: Float32Array) => number;

const sumOf = (a: Float32Array, b: Float32Array, term: (x: number, y: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += term(a[i]!, b[i]!);
  return sum;
};
const dot: DistanceOf = (a, b) => sumOf(a, b, (x, y) => x * y);

const DISTANCES: Readonly<Record<Metric, DistanceOf>> = {
  l2: (a, b) => Math.sqrt(sumOf(a, b, (x, y) => (x - y) ** 2)),
  ip: (a, b) => -dot(a, b),
  cosine: (a, b) => 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)),
  l1: (a, b) => sumOf(a, b, (x, y) => Math.abs(x - y)),
  hamming: (a, b) => sumOf(a, b, (x, y) => (x === y ? 0 : 1)),
  jaccard: (a, b) =>
    1 -
    dot(a, b) /
      Math.max(
        1,
        sumOf(a, b, (x, y) => (x || y ? 1 : 0)),
      ),
};
