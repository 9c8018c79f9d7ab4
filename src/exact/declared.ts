import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../datasets/index.js';
import { createRandom } from '../random.js';
import { collectTruth, type QueryAnswer } from './collect-truth.js';
import { computeTruth, interruption, type ComputeOptions } from './compute.js';
import { distance } from './distance.js';
import { createNearest } from './nearest.js';
import type { Question } from './plan.js';
import { roundingOf } from './rounding.js';
import { tieLimit, type Truth } from './truth.js';

/** Queries whose declared neighbours are compared with computed ones. */
const SAMPLE_QUERIES = 20;

/**
 * The neighbours that the dataset declares, with their distances computed from the stored vectors, provided that those of
 * a random sample of queries are as near as the true ones. Ties beyond k are counted as far as the declaration goes.
 *
 * @returns `none` when nothing is declared that answers the question, `refuted` when what is declared is wrong
 */
export async function believeDeclared(
  dataset: Dataset,
  question: Question,
  options: ComputeOptions,
): Promise<Truth | 'none' | 'refuted'> {
  const { metric, k, queries, filter } = question;
  const declared = filter ? null : await dataset.declaredNeighbours();
  if (declared === null) return 'none';

  const { rows, dimensions } = dataset.manifest;
  const queryVector = (query: number): Float32Array =>
    dataset.queries.values.subarray(query * dimensions, (query + 1) * dimensions);
  const answers: QueryAnswer[] = [];
  for (const [position, query] of queries.entries()) {
    const named = declared.rows.subarray(query * declared.k, (query + 1) * declared.k).filter((row) => row !== -1);
    if (named.length < Math.min(k, rows)) return 'none';
    if (new Set(named).size < named.length || named.some((row) => row < 0 || row >= rows)) return 'refuted';

    const vector = queryVector(query);
    const nearest = createNearest(k, metric);
    for (const row of named) {
      const neighbour = dataset.vector(row);
      nearest.offer(row, distance(metric, vector, neighbour), roundingOf(metric, vector, neighbour));
    }
    answers.push({ query: position, ...nearest.answer() });
    // Reading vectors one by one blocks: others get their turn, and the signal is heard.
    await setImmediate();
    if (options.signal?.aborted) throw interruption();
  }

  const sample = createRandom(dataset.manifest.hash)
    .shuffle([...answers])
    .slice(0, SAMPLE_QUERIES);
  const sampled = { ...question, queries: Int32Array.from(sample, (answer) => queries[answer.query]!) };
  const computed = await computeTruth(dataset, sampled, options);
  const right = sample.every((answer, i) => {
    const vector = queryVector(queries[answer.query]!);
    const errorOf = (row: number): number => roundingOf(metric, vector, dataset.vector(row));
    return answer.distances.every((claimed, rank) => {
      const place = i * k + rank;
      const limit = tieLimit(computed.distances[place]!, metric, errorOf(computed.rows[place]!));
      return claimed - errorOf(answer.rows[rank]!) <= limit;
    });
  });
  return right ? collectTruth({ metric, k, queries: queries.length }, answers, 'believed') : 'refuted';
}
