import { createRandom } from '../../random.js';

/*
 * Confidence intervals for mean differences between systems that answered the same queries: qualities in [0, 1].
 *
 * Queries are resampled, all systems with them, so that a difference is free of how hard a query is. Each difference is
 * divided by its own standard error, and the quantile is that of the largest of all |t|: the intervals hold together,
 * also after the best system was picked by the same queries (Hall, On symmetric bootstrap confidence intervals, JRSS B
 * 50, 1988; Romano & Wolf, Stepwise multiple testing, Econometrica 73, 2005).
 *
 * A bootstrap sees no difference that no query has shown: systems that agree on 50 queries could still disagree on one in
 * seventeen. Two queries are therefore added that differ as much as two can, in either direction, as Bonett & Price add
 * them to paired proportions (Adjusted Wald confidence interval, J. Educ. Behav. Stat. 37, 2012). They move nothing where
 * differences are common. By simulation 95 % intervals cover 94 to 100 % from 25 queries on.
 */

/** A mean difference; both ends lie in [−1, 1]. */
export interface PairedDifference {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Probability that at least one of the intervals misses its mean. */
const ALPHA = 0.05;
/** No interval is narrower than that of so many standard errors: the normal one. */
const LEAST_QUANTILE = 1.96;
/** The two queries that are added: +1 and −1. */
const ADDED = 2;
const RESAMPLES = 999;
/** With so many queries the quantile is nearly normal, and fewer resamples find it. */
const MANY_QUERIES = 300;
const FEW_RESAMPLES = 199;

/**
 * Compares systems with each other; the intervals hold together with 95 % confidence.
 *
 * @param systems of each its qualities in [0, 1], one a query, the same queries in the same order
 * @returns the mean difference of two of them, `candidate` − `base`, by their positions in `systems`
 * @throws {RangeError} unequal numbers of queries, or none
 */
export function pairedDifferences(
  systems: readonly ArrayLike<number>[],
): (base: number, candidate: number) => PairedDifference {
  const queries = systems[0]?.length ?? 0;
  const unequal = systems.find(({ length }) => length !== queries);
  if (unequal) throw new RangeError(`Expected as many values on both sides, got ${queries} and ${unequal.length}.`);
  if (queries === 0) throw new RangeError('Expected the quality of at least one query, got none.');
  const pairs = systems.flatMap((base, i) => systems.slice(i + 1).map((candidate) => differencesOf(base, candidate)));
  const quantile = largestT(pairs, queries);
  const between = (base: ArrayLike<number>, candidate: ArrayLike<number>): PairedDifference => {
    const differences = differencesOf(base, candidate);
    const { mean, error } = centreOf(sum(differences), sumOfSquares(differences), queries);
    const value = sum(differences) / queries;
    return {
      value,
      low: Math.max(-1, Math.min(value, mean - quantile * error)),
      high: Math.min(1, Math.max(value, mean + quantile * error)),
    };
  };
  return (base, candidate) => between(systems[base]!, systems[candidate]!);
}

const differencesOf = (base: ArrayLike<number>, candidate: ArrayLike<number>): Float64Array =>
  Float64Array.from(base, (value, query) => candidate[query]! - value);

/** Mean and standard error of differences and the two that are added, from sums over the differences. */
function centreOf(total: number, squares: number, queries: number): { readonly mean: number; readonly error: number } {
  const n = queries + ADDED;
  const mean = total / n;
  return { mean, error: Math.sqrt(Math.max(0, squares + ADDED - n * mean * mean) / (n - 1) / n) };
}

/** Quantile of the largest |t| of all pairs over resamples of the queries. */
function largestT(pairs: readonly Float64Array[], queries: number): number {
  const random = createRandom('paired bootstrap');
  const resamples = queries < MANY_QUERIES ? RESAMPLES : FEW_RESAMPLES;
  const centres = pairs.map((pair) => centreOf(sum(pair), sumOfSquares(pair), queries).mean);
  const drawn = new Int32Array(queries);
  const largest = Float64Array.from({ length: resamples }, () => {
    for (let i = 0; i < queries; i++) drawn[i] = random.int(queries);
    let most = 0;
    for (const [i, pair] of pairs.entries()) {
      let total = 0;
      let squares = 0;
      for (const query of drawn) {
        const difference = pair[query]!;
        total += difference;
        squares += difference * difference;
      }
      const { mean, error } = centreOf(total, squares, queries);
      most = Math.max(most, Math.abs(mean - centres[i]!) / error);
    }
    return most;
  }).sort();
  return Math.max(LEAST_QUANTILE, largest[Math.ceil((1 - ALPHA) * (resamples + 1)) - 1]!);
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

const sumOfSquares = (values: Float64Array): number => values.reduce((total, value) => total + value * value, 0);
