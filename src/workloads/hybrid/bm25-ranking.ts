import { byScore, type Scored } from './leg.js';

/** How often a word is in a row. */
export interface Occurrence {
  readonly row: number;
  readonly times: number;
}

/** What a ranking by words rests on. */
export interface WordIndex {
  /** Words in each row, with repetitions; by row number. */
  readonly lengths: ArrayLike<number>;
  readonly occurrences: ReadonlyMap<string, readonly Occurrence[]>;
}

/** The usual constants: how soon repetitions of a word stop to count, and how much a long row is held against it. */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;

/**
 * Rows that have any of a query's words, best first by Okapi BM25: rare words weigh more, repetitions ever less, and rows
 * longer than the mean are discounted. No function of PostgreSQL knows which words are rare.
 *
 * Robertson & Zaragoza, The probabilistic relevance framework: BM25 and beyond, Foundations and Trends in Information
 * Retrieval 3 (4), 2009, equation 3.15, with the weight ln(1 + (N − n + ½)/(n + ½)) of a word, which is never negative.
 *
 * @param words of the query, each once
 */
export function bm25Ranking(words: readonly string[], { lengths, occurrences }: WordIndex): readonly Scored[] {
  const rows = lengths.length;
  const meanLength = Array.from(lengths).reduce((sum, length) => sum + length, 0) / rows;
  const scores = new Map<number, number>();
  for (const word of words) {
    const found = occurrences.get(word) ?? [];
    const weight = Math.log1p((rows - found.length + 0.5) / (found.length + 0.5));
    for (const { row, times } of found) {
      const long = 1 - LENGTH_SHARE + (LENGTH_SHARE * lengths[row]!) / meanLength;
      const gain = (weight * times * (SATURATION + 1)) / (times + SATURATION * long);
      scores.set(row, (scores.get(row) ?? 0) + gain);
    }
  }
  return Array.from(scores, ([id, score]) => ({ id, score })).sort(byScore);
}
