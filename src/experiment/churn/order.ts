import type { Dataset } from '../../datasets/index.js';
import { distance } from '../../exact/index.js';
import type { Random } from '../../random.js';
import type { ChurnRequest } from '../../results/index.js';
import type { Metric } from '../../vocabulary.js';

/**
 * In which order the dataset's rows come: at random, or from near to far of one row drawn at random, so that the vectors that
 * come later lie where none lay at the start.
 */
export function orderOfArrival(
  dataset: Dataset,
  { arrival, metric, random }: { readonly metric: Metric; readonly random: Random } & Pick<ChurnRequest, 'arrival'>,
): readonly number[] {
  const rows = Array.from({ length: dataset.manifest.rows }, (_, row) => row);
  if (arrival === 'random') return random.shuffle(rows);
  const pivot = Float32Array.from(dataset.vector(random.int(rows.length)));
  const far = Float64Array.from(rows, (row) => distance(metric, pivot, dataset.vector(row)));
  return rows.sort((a, b) => far[a]! - far[b]!);
}
