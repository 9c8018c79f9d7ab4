import type { Dataset, DeclaredNeighbours } from '../datasets/index.js';
import type { Note } from '../progress.js';
import { type Metric, metricSchema } from '../vocabulary.js';
import { distance } from './distance.js';
import type { Truth } from './truth.js';

/** Queries whose lists are looked at for the cause. */
const SAMPLE_QUERIES = 20;

/** What people should know about the neighbours that their file declares; null when there is nothing to say. */
export async function declaredNote({ declared, metric }: Truth, dataset: Dataset): Promise<Note | null> {
  if (declared !== 'refuted') return null;
  const neighbours = await dataset.declaredNeighbours();
  const cause = neighbours && causeOf(dataset, neighbours, metric);
  return { code: 'declared-neighbours-refuted', data: { dataset: dataset.manifest.name, metric, cause } };
}

/** The lists are in the order of their distances: by which metric, or when they counted from 1, tells what they are. */
function causeOf(dataset: Dataset, { k, rows }: DeclaredNeighbours, metric: Metric): Metric | 'from-one' | null {
  if (k < 3) return null;
  const isInOrder = (by: Metric, shift: number): boolean => {
    for (let query = 0; query < Math.min(SAMPLE_QUERIES, dataset.queries.rows); query++) {
      const list = Array.from(rows.subarray(query * k, (query + 1) * k), (row) => row - shift).filter(
        (row) => row >= 0,
      );
      if (list.some((row) => row >= dataset.manifest.rows) || !ascends(distancesTo(dataset, query, list, by)))
        return false;
    }
    return true;
  };
  if (isInOrder(metric, 1)) return 'from-one';
  return metricSchema.options.find((other) => other !== metric && isInOrder(other, 0)) ?? null;
}

function distancesTo(dataset: Dataset, query: number, rows: readonly number[], metric: Metric): number[] {
  const { dimensions, values } = dataset.queries;
  const vector = values.subarray(query * dimensions, (query + 1) * dimensions);
  return rows.map((row) => distance(metric, vector, dataset.vector(row)));
}

/** But for the rounding of whoever computed them. */
const ascends = (distances: readonly number[]): boolean =>
  distances.every((far, i) => i === 0 || far >= distances[i - 1]! - 1e-5 * Math.abs(far));
