import type { Estimate } from '../../results/index.js';
import { bettingInterval } from '../stats/betting.js';
import { type PairedDifference, pairedDifferences } from '../stats/paired-bootstrap.js';
import { type Grades, judgedRecallAt, ndcgAt, reciprocalRankAt } from './rank-quality.js';

/** Quality of a strategy over its judged queries; one value a query, in the run's random order. */
export interface JudgedQuality {
  readonly ndcg: Float64Array;
  readonly reciprocalRank: Float64Array;
  readonly recall: Float64Array;
  /** Queries that have no relevant row; they are in no figure. */
  readonly excluded: number;
}

/**
 * @param rankings what was returned for each query, best first
 * @param judgements of the same queries
 */
export function judgeRankings(
  rankings: readonly (readonly number[])[],
  judgements: readonly Grades[],
  k: number,
): JudgedQuality {
  if (rankings.length !== judgements.length) {
    throw new RangeError(`Expected judgements of ${rankings.length} queries, got ${judgements.length}.`);
  }
  const perQuery = (measure: typeof ndcgAt): Float64Array =>
    Float64Array.from(rankings.flatMap((ranking, query) => measure(ranking, judgements[query]!, k) ?? []));
  const ndcg = perQuery(ndcgAt);
  return {
    ndcg,
    reciprocalRank: perQuery(reciprocalRankAt),
    recall: perQuery(judgedRecallAt),
    excluded: rankings.length - ndcg.length,
  };
}

/** Mean of qualities in [0, 1] over queries in random order, with its 95 % interval. */
export function estimateQuality(values: ArrayLike<number>): Estimate {
  // Each value is in its range up to a rounding, and so is their mean.
  const mean = Math.min(1, Math.max(0, average(values)));
  const { low, high } = bettingInterval(values);
  return { value: mean, low: Math.min(low, mean), high: Math.max(high, mean) };
}

/** What two strategies' qualities on the same queries show about each other. */
export interface QualityDifference {
  /** Mean of candidate − base, with its 95 % interval. */
  readonly difference: Estimate;
  /** `no difference`: the interval holds 0. How small a difference would have shown, its width tells. */
  readonly verdict: 'better' | 'worse' | 'no difference';
}

/**
 * Compares two strategies query by query: queries differ far more than strategies, and the differences are free of that.
 *
 * @param base qualities in [0, 1], of queries in random order
 * @param candidate of the same queries
 */
export const compareQuality = (base: ArrayLike<number>, candidate: ArrayLike<number>): QualityDifference =>
  judged(pairedDifferences([base, candidate])(0, 1));

/**
 * Compares several strategies with each other, as {@link compareQuality} does two; the verdicts hold together, so that one
 * may ask about the best of them.
 */
export function compareQualities(
  strategies: readonly ArrayLike<number>[],
): (base: number, candidate: number) => QualityDifference {
  const difference = pairedDifferences(strategies);
  return (base, candidate) => judged(difference(base, candidate));
}

function judged(difference: PairedDifference): QualityDifference {
  const { low, high } = difference;
  return { difference, verdict: low > 0 ? 'better' : high < 0 ? 'worse' : 'no difference' };
}

function average(values: ArrayLike<number>): number {
  if (values.length === 0) throw new RangeError('Expected the quality of at least one query, got none.');
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
}
