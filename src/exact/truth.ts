import type { Metric } from '../vocabulary.js';

/**
 * Exact nearest neighbours of every query.
 *
 * Distances are pgvector's (`l2` Euclidean, `ip` negative inner product, `cosine` 1 − similarity, `l1` taxicab,
 * `hamming` and `jaccard` of the vectors' signs), computed in float64 from the stored float32 values.
 */
export interface Truth {
  readonly metric: Metric;
  readonly k: number;
  readonly queries: number;
  /** queries × k row numbers in ascending distance, equal distances by row number; −1 where fewer than k rows exist. */
  readonly rows: Int32Array;
  /** queries × k distances; +∞ where fewer than k rows exist, and for the cosine distance to a zero vector. */
  readonly distances: Float64Array;
  /** Per query: how many rows can be returned, min(k, rows that exist). The denominator of recall. */
  readonly expected: Int32Array;
  /**
   * Per query: how many rows tie with the k-th beyond position k ({@link tieLimit}). Of declared
   * neighbours, only those that the declaration names are counted.
   */
  readonly tiesBeyondK: Int32Array;
  /**
   * What became of the neighbours that the dataset's file declares: there are `none` for this question, they were
   * `believed` after a sample of them was verified, or `refuted` by it, and the truth was computed instead.
   */
  readonly declared: 'none' | 'believed' | 'refuted';
}

/** A row counts as a neighbour when its distance, less its rounding error, is at most `d_k + TIE_TOLERANCE·|d_k|`. */
export const TIE_TOLERANCE = 1e-6;

/**
 * Least tolerance of the cosine distance: 1 − similarity loses its digits where vectors are nearly equal, and pgvector sums
 * in float32, so that its distance errs by up to 4e-7 however small it is (eight partial sums, up to 2,000 dimensions).
 * By a relative tolerance alone the server's own exact scan would miss neighbours of near-duplicates.
 */
export const COSINE_TOLERANCE = 1e-6;

/**
 * The farthest distance that still ties with `distance`.
 *
 * @param error of that distance on a server, see `roundingError`; what is compared with the limit is less its own
 */
export function tieLimit(distance: number, metric: Metric, error: number): number {
  const absolute = metric === 'cosine' ? COSINE_TOLERANCE : error;
  return distance + Math.max(TIE_TOLERANCE * Math.abs(distance), absolute);
}
