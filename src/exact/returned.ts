import type { Truth } from './truth.js';

/** The answers without the rows that are not nearer than `limit`. */
export const within = (truth: Truth, limit: number): Truth =>
  keepRows(truth, truth.k, (query) => {
    const start = query * truth.k;
    return rangeOf(truth.expected[query]!).filter((place) => truth.distances[start + place]! < limit);
  });

/**
 * The nearest row of each of the k nearest groups, of answers that hold enough rows to have so many; null when they do not.
 *
 * @param groupOf row number → number of its group
 * @param rows of the table
 */
export function nearestOfGroups(
  truth: Truth,
  { k, groupOf, rows }: { readonly k: number; readonly groupOf: ArrayLike<number>; readonly rows: readonly number[] },
): { readonly truth: Truth; readonly depths: readonly number[] } | null {
  const places: number[][] = [];
  const depths: number[] = [];
  for (let query = 0; query < truth.queries; query++) {
    const expected = truth.expected[query]!;
    const seen = new Set<number>();
    const own = rangeOf(expected).filter((place) => {
      const group = groupOf[truth.rows[query * truth.k + place]!]!;
      if (seen.size === k || seen.has(group)) return false;
      seen.add(group);
      return true;
    });
    // With fewer groups than asked for, every row that counts has to have been looked at.
    if (own.length < k && expected < rows[query]!) return null;
    places.push(own);
    depths.push((own.at(-1) ?? -1) + 1);
  }
  return { truth: keepRows(truth, k, (query) => places[query]!), depths };
}

/** The rows of one page, counted from 1, of answers that hold all pages up to it. */
export const pageOf = (truth: Truth, page: number, k: number): Truth =>
  keepRows(truth, k, (query) => rangeOf(truth.expected[query]!).slice((page - 1) * k, page * k));

const rangeOf = (count: number): number[] => Array.from({ length: count }, (_, place) => place);

/** @param placesOf a query's answers that stay, by their places, in order */
function keepRows(truth: Truth, k: number, placesOf: (query: number) => readonly number[]): Truth {
  const { queries } = truth;
  const kept = {
    ...truth,
    k,
    rows: new Int32Array(queries * k).fill(-1),
    distances: new Float64Array(queries * k).fill(Infinity),
    expected: new Int32Array(queries),
    tiesBeyondK: new Int32Array(queries),
  };
  for (let query = 0; query < queries; query++) {
    const places = placesOf(query).slice(0, k);
    for (const [i, place] of places.entries()) {
      kept.rows[query * k + i] = truth.rows[query * truth.k + place]!;
      kept.distances[query * k + i] = truth.distances[query * truth.k + place]!;
    }
    kept.expected[query] = places.length;
    kept.tiesBeyondK[query] = places.length === k && places.at(-1) === truth.k - 1 ? truth.tiesBeyondK[query]! : 0;
  }
  return kept;
}
