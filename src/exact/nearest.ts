import type { Metric } from '../vocabulary.js';
import { tieLimit } from './truth.js';

/** The k nearest rows among those offered so far, and how many more tie with the last of them. */
export interface Nearest {
  /** A row farther than this, less its error, neither belongs to the k nearest nor ties with them; +∞ until k rows were offered. */
  readonly limit: number;
  /** @param error of the distance on a server, see `roundingError` */
  offer(row: number, distance: number, error?: number): void;
  answer(): NearestRows;
}

export interface NearestRows {
  /** In ascending distance, equal distances by row number; fewer than k when fewer were offered. */
  readonly rows: Int32Array;
  readonly distances: Float64Array;
  /** How many rows beyond these are no farther than the limit. */
  readonly tiesBeyondK: number;
}

/** Distinct distances that are kept before those that no longer tie are thrown out. */
const TIES_KEPT = 256;

/**
 * A binary heap with the farthest row on top. Of equal distances the smaller row number is nearer, so that the answer
 * does not depend on the order of offers.
 */
export function createNearest(k: number, metric: Metric): Nearest {
  const rows = new Int32Array(k).fill(-1);
  const distances = new Float64Array(k);
  const errors = new Float64Array(k);
  let size = 0;
  let limit = Infinity;
  // Rows beyond the k nearest that may tie with the last of them, counted by their distance less its error.
  const ties = new Map<number, number>();

  const farther = (i: number, j: number): boolean => {
    const difference = distances[i]! - distances[j]!;
    return difference > 0 || (!(difference < 0) && rows[i]! > rows[j]!);
  };

  const swap = (i: number, j: number): void => {
    const row = rows[i]!;
    const distance = distances[i]!;
    const error = errors[i]!;
    rows[i] = rows[j]!;
    distances[i] = distances[j]!;
    errors[i] = errors[j]!;
    rows[j] = row;
    distances[j] = distance;
    errors[j] = error;
  };

  const siftUp = (from: number): void => {
    let child = from;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!farther(child, parent)) return;
      swap(child, parent);
      child = parent;
    }
  };

  const siftDown = (): void => {
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child >= size) return;
      if (child + 1 < size && farther(child + 1, child)) child++;
      if (!farther(child, parent)) return;
      swap(child, parent);
      parent = child;
    }
  };

  const addTies = (distance: number, count: number): void => {
    ties.set(distance, (ties.get(distance) ?? 0) + count);
  };
  const addTie = (distance: number): void => {
    addTies(distance, 1);
    if (ties.size <= TIES_KEPT) return;
    const kept = [...ties].filter(([tied]) => tied <= limit);
    // So many distances that differ and tie: told apart as float32, of which a score lie within the tolerance.
    const coarse = kept.length > TIES_KEPT / 2;
    ties.clear();
    for (const [tied, count] of kept) addTies(coarse ? Math.fround(tied) : tied, count);
  };

  return {
    get limit() {
      return limit;
    },
    offer(row, distance, error = 0) {
      if (size < k) {
        rows[size] = row;
        distances[size] = distance;
        errors[size] = error;
        siftUp(size++);
        if (size === k) limit = tieLimit(distances[0]!, metric, errors[0]!);
        return;
      }
      const farthest = distances[0]!;
      const least = farthest - errors[0]!;
      if (distance < farthest || (distance === farthest && row < rows[0]!)) {
        rows[0] = row;
        distances[0] = distance;
        errors[0] = error;
        siftDown();
        limit = tieLimit(distances[0], metric, errors[0]);
        if (least <= limit) addTie(least);
      } else if (distance - error <= limit) {
        addTie(distance - error);
      }
    },
    answer() {
      const order = Uint32Array.from({ length: size }, (_, i) => i).sort((i, j) => (farther(i, j) ? 1 : -1));
      let tiesBeyondK = 0;
      for (const [tied, count] of ties) if (tied <= limit) tiesBeyondK += count;
      return {
        rows: Int32Array.from(order, (i) => rows[i]!),
        distances: Float64Array.from(order, (i) => distances[i]!),
        tiesBeyondK,
      };
    },
  };
}
