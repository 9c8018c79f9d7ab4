import { createRandom } from '../../random.js';
import { compareQuality, type QualityDifference } from './judgement-summary.js';

/** What cross-validation says of choosing among candidates: weights of a fusion, constants, normalisations. */
export interface CrossValidation {
  /** The candidate with the best mean over all queries; of equals, the first. */
  readonly chosen: number;
  /** What was chosen without each fold. Where they disagree, the choice is a matter of the sample. */
  readonly chosenByFold: readonly number[];
  /** Quality of each query under the candidate that was chosen without its fold. */
  readonly outOfFold: Float64Array;
  /**
   * Out-of-fold quality against that of the base candidate: what choosing brings on queries that it has not seen. The
   * quality of `chosen` itself, on the queries that chose it, would flatter.
   */
  readonly gain: QualityDifference;
}

/**
 * Chooses among candidates by K-fold cross-validation over queries. The interval of the gain takes the out-of-fold
 * differences as independent; they share training queries, which widens the truth a little beyond it.
 *
 * @param qualities for each candidate one value in [0, 1] a query, the queries in the same random order
 * @param options.base number of the candidate that a choice has to beat, such as equal weights
 * @param options.folds at least 2, at most one a query
 */
export function crossValidate(
  qualities: readonly ArrayLike<number>[],
  { base, folds, seed }: { readonly base: number; readonly folds: number; readonly seed: number },
): CrossValidation {
  const baseQualities = qualities[base];
  if (!baseQualities) throw new RangeError(`Expected a base below ${qualities.length}, got ${base}.`);
  const queries = baseQualities.length;
  const unequal = qualities.find(({ length }) => length !== queries);
  if (unequal) throw new RangeError(`Expected ${queries} values from each candidate, got ${unequal.length}.`);
  if (!(folds >= 2 && folds <= queries)) throw new RangeError(`Expected 2 to ${queries} folds, got ${folds}.`);

  const order = createRandom(seed)
    .fork('folds')
    .shuffle(Array.from({ length: queries }, (_, query) => query));
  const foldOf = new Int32Array(queries);
  for (const [place, query] of order.entries()) foldOf[query] = place % folds;

  const bestWithout = (fold: number): number => {
    const sums = qualities.map((values) => {
      let sum = 0;
      for (let query = 0; query < queries; query++) if (foldOf[query] !== fold) sum += values[query]!;
      return sum;
    });
    return sums.indexOf(Math.max(...sums));
  };
  const chosenByFold = Array.from({ length: folds }, (_, fold) => bestWithout(fold));
  const outOfFold = Float64Array.from({ length: queries }, (_, query) => {
    const chosen = chosenByFold[foldOf[query]!]!;
    return qualities[chosen]![query]!;
  });
  return { chosen: bestWithout(-1), chosenByFold, outOfFold, gain: compareQuality(baseQualities, outOfFold) };
}
