import type { Metric } from '../vocabulary.js';
import type { SumName } from './kernel/index.js';

/*
 * How the kernel's float32 scores find the rows that deserve a distance in float64. A score orders rows nearly as the
 * metric does; what it gets wrong by rounding is bounded, so that no neighbour is lost:
 *
 * a sum of n products, however ordered, differs from the true one by at most γ(n)·Σ|qᵢxᵢ| ≤ γ(n)·‖q‖‖x‖, a sum of
 * non-negative terms by γ(n) times itself, where γ(n) = nu/(1 − nu) and u = 2⁻²⁴.
 * Source: N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 3.1.
 */

/** What the bound of a tile's rows needs to know of them. */
export interface TileNorms {
  readonly smallest: number;
  readonly largest: number;
}

export interface Scoring {
  /** A row's score is this sum times the row's scale. */
  readonly sum: SumName;
  /** From the row's norm. A scale that is not a number lets the row's scores pass any limit. */
  readonly scale: (norm: number) => number;
  /** A row of the tile whose distance is at most `distance` has a score of at most this. */
  readonly limit: (distance: number, queryNorm: number, tile: TileNorms) => number;
}

/** Unit roundoff of float32. */
const UNIT_ROUNDOFF = 2 ** -24;
/** No part of a sum of products is above ‖q‖‖x‖; beyond this one it may not be a float32, and stays infinite. */
const LARGEST_SUM = 1e38;
/** A product below the smallest float32 is lost. */
const SMALLEST_FLOAT = 2 ** -149;

/** False for norms so small or large that float32 loses more than roundings, in their squares or in quotients of two. */
const isSafe = (norm: number): boolean => norm >= 1e-15 && norm <= 1e15;

export function scoringOf(metric: Metric, dimensions: number): Scoring {
  // A lane adds a quarter of the terms. Norms are such sums too; the rest are single roundings: of differences and
  // products, of lanes added, of the scale and of the limit itself.
  const roundings = 2 * Math.ceil(dimensions / 4) + 16;
  const gamma = (roundings * UNIT_ROUNDOFF) / (1 - roundings * UNIT_ROUNDOFF);
  const lost = dimensions * SMALLEST_FLOAT;
  const sumOfTerms = (sum: number): number => sum * (1 + 2 * gamma) + lost;

  switch (metric) {
    case 'l2':
      return { sum: 'squaredDifferences', scale: () => 1, limit: (distance) => sumOfTerms(distance ** 2) };
    case 'l1':
      return { sum: 'absoluteDifferences', scale: () => 1, limit: sumOfTerms };
    case 'hamming':
      return { sum: 'squaredDifferences', scale: () => 1, limit: sumOfTerms };
    case 'ip':
      return {
        sum: 'products',
        scale: () => -1,
        limit: (distance, queryNorm, tile) => {
          const bound = queryNorm * tile.largest;
          // Once more for the rounding of a server, by which a row may tie.
          return bound > LARGEST_SUM ? Infinity : distance + 3 * gamma * bound + lost;
        },
      };
    case 'cosine':
      return {
        sum: 'products',
        scale: (norm) => (isSafe(norm) ? -1 / norm : NaN),
        limit: (distance, queryNorm) => (isSafe(queryNorm) ? (distance - 1 + 2 * gamma) * queryNorm : Infinity),
      };
    case 'jaccard':
      // |a ∩ b| / (|a| + |b| − |a ∩ b|) ≥ s  ⇔  |a ∩ b| ≥ (|a| + |b|) s / (1 + s), least for the least |b|.
      return {
        sum: 'products',
        scale: () => -1,
        limit: (distance, queryNorm, tile) => {
          const similarity = Math.max(0, 1 - distance);
          return ((2 * gamma - 1) * (queryNorm ** 2 + tile.smallest ** 2) * similarity) / (1 + similarity);
        },
      };
  }
}
