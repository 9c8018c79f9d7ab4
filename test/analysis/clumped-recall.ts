import type { Random } from '../../src/random.js';

/** Per-query recall at k = 10 whose failures come in clumps. */
export interface ClumpedRecall {
  readonly mean: number;
  /** Correlation of the hits of one query: 0 loses single rows anywhere, 1 loses all rows of a few queries. */
  readonly clumping: number;
}

const K = 10;

/** Draws the recalls of queries from a beta-binomial distribution. */
export function clumpedRecalls({ mean, clumping }: ClumpedRecall): (random: Random, queries: number) => Float64Array {
  const cumulative = cumulate(betaBinomial(mean, clumping));
  return (random, queries) => Float64Array.from({ length: queries }, () => draw(cumulative, random.next()) / K);
}

/** Standard deviation of one query's recall. */
export const deviation = ({ mean, clumping }: ClumpedRecall): number =>
  Math.sqrt(((mean * (1 - mean)) / K) * (1 + (K - 1) * clumping));

function betaBinomial(mean: number, clumping: number): readonly number[] {
  const scale = 1 / clumping - 1;
  const [a, b] = [mean * scale, (1 - mean) * scale];
  let probability = 1;
  for (let i = 0; i < K; i++) probability *= (b + i) / (a + b + i);
  return Array.from({ length: K + 1 }, (_, hits) => {
    const current = probability;
    probability *= ((K - hits) / (hits + 1)) * ((a + hits) / (b + K - hits - 1));
    return current;
  });
}

function cumulate(probabilities: readonly number[]): readonly number[] {
  let sum = 0;
  return probabilities.map((probability) => (sum += probability));
}

function draw(cumulative: readonly number[], uniform: number): number {
  // From the top, where nearly all of the probability lies: a query that lost nothing takes one comparison.
  let hits = K;
  while (hits > 0 && uniform < cumulative[hits - 1]!) hits--;
  return hits;
}
