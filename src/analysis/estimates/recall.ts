import { PgvtuneError } from '../../errors.js';
import type { Measured, Recall } from '../../results/index.js';
import { bettingInterval, bettingLowerBound } from '../stats/betting.js';
import { decodeUint16 } from './samples.js';
import { queriesNeeded } from './needed.js';
import { nearestRank } from '../stats/quantiles.js';

/** What every query of a point returned; the arrays have one entry a query, in the run's random order. */
export interface Answers {
  /** Returned rows that are no farther than the k-th exact neighbour. */
  readonly hits: ArrayLike<number>;
  /** Returned rows that the exact answer names. */
  readonly strictHits: ArrayLike<number>;
  /** Distinct rows returned. */
  readonly returned: ArrayLike<number>;
  /** K = min(k, rows that match): how many rows a perfect answer holds. */
  readonly expected: ArrayLike<number>;
  /** Distances of the rows returned over those of the exact neighbours; null where there is no such ratio. */
  readonly distanceRatios: readonly (number | null)[];
}

/** With what records of former versions lack. */
export type RecallSummary = Recall & { readonly queriesNeeded: number; readonly distanceRatio: number | null };

/** Half a percentage point: a difference of recall that people ask about. */
const HALF_POINT = 0.005;

/**
 * Recall and completeness of a point. A query's recall is min(hits, K)/K: rows that were not returned are misses.
 * Queries with K = 0 have none; they are counted and left out.
 *
 * @param options.mayBeEmpty a filter that leaves no row to any query is meant so: an empty answer is a right one
 * @throws {PgvtuneError} `dataset` when no query has an exact neighbour, unless that is meant so
 */
export function summariseRecall(
  answers: Answers,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): {
  recall: RecallSummary;
  completeness: Measured['completeness'];
} {
  if (mayBeEmpty && isEmptyThroughout(answers.expected)) {
    const right = Float64Array.from(answers.returned, (rows) => (rows === 0 ? 1 : 0));
    const one = { ...answers, hits: right, strictHits: right, returned: right, expected: right.map(() => 1) };
    return summariseRecall(one);
  }
  const recalls = recallPerQuery(answers);
  const queries = recalls.length;
  const asked = answers.expected.length;
  if (queries === 0) {
    throw new PgvtuneError('dataset', `Expected queries with exact neighbours, got none among ${asked}.`, {
      hint: 'Ask for rows that exist: check the filter and that the table is not empty.',
    });
  }
  const sorted = recalls.toSorted();
  const mean = average(recalls);
  const { low, high } = bettingInterval(recalls);
  const completeness = sharePerQuery(answers.returned, answers.expected);
  const ratios = answers.distanceRatios.filter((ratio) => ratio !== null);
  return {
    recall: {
      // A running interval may have settled before the last values came; it is widened to hold the estimate it is for.
      mean: { value: mean, low: Math.min(low, mean), high: Math.max(high, mean) },
      strictMean: average(sharePerQuery(answers.strictHits, answers.expected)),
      min: sorted[0]!,
      p1: nearestRank(sorted, 0.01),
      p5: nearestRank(sorted, 0.05),
      shareBelowHalf: recalls.filter((recall) => recall < 0.5).length / queries,
      queries,
      excluded: asked - queries,
      queriesNeeded: queriesNeeded(recalls, HALF_POINT),
      distanceRatio: ratios.length === 0 ? null : average(ratios),
    },
    completeness: { mean: average(completeness), shortQueries: completeness.filter((share) => share < 1).length },
  };
}

/** What the queries returned, one number a query in base64, in the run's order. */
interface AnsweredQueries {
  readonly samples: Pick<Measured['samples'], 'hits' | 'expected' | 'returned'>;
}

/** Recall of every query of a point that has an exact answer, in the run's order. */
export function recallsOfPoint({ samples }: AnsweredQueries): Float64Array {
  const expected = decodeUint16(samples.expected);
  // A point is measured on empty answers only where they are meant to be: those that are empty are right.
  if (isEmptyThroughout(expected))
    return Float64Array.from(decodeUint16(samples.returned), (rows) => (rows === 0 ? 1 : 0));
  return recallPerQuery({ hits: decodeUint16(samples.hits), expected });
}

/** The mean recall that the queries of a point show with a one-sided confidence. */
export const shownRecall = (measured: AnsweredQueries, confidence: number): number =>
  bettingLowerBound(recallsOfPoint(measured), confidence);

/** A point's figures with what another point of the same index and settings returned for more queries. */
export const withAnswersOf = (timed: Measured, { recall, completeness, samples }: Measured): Measured => ({
  ...timed,
  recall,
  completeness,
  samples: {
    ...timed.samples,
    hits: samples.hits,
    strictHits: samples.strictHits,
    expected: samples.expected,
    returned: samples.returned,
  },
});

/** Recall of every query that has an exact answer, in the order given. */
export const recallPerQuery = ({ hits, expected }: Pick<Answers, 'hits' | 'expected'>): Float64Array =>
  sharePerQuery(hits, expected);

const isEmptyThroughout = (expected: ArrayLike<number>): boolean =>
  expected.length > 0 && Array.from(expected).every((rows) => rows === 0);

function sharePerQuery(counts: ArrayLike<number>, expected: ArrayLike<number>): Float64Array {
  if (counts.length !== expected.length) {
    throw new RangeError(`Expected a count for each of ${expected.length} queries, got ${counts.length}.`);
  }
  const shares: number[] = [];
  for (let query = 0; query < expected.length; query++) {
    const possible = expected[query]!;
    if (possible > 0) shares.push(Math.min(counts[query]!, possible) / possible);
  }
  return Float64Array.from(shares);
}

const average = (values: Float64Array | readonly number[]): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
