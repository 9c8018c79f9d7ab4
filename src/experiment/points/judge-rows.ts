import { distance, judge, type Judgement, roundingOf, type Truth } from '../../exact/index.js';
import type { RunContext } from '../context.js';

/** Judges the rows that a plain query returned by its exact neighbours among those of the truth. */
export function judgeRows(
  { dataset, queries }: Pick<RunContext, 'dataset' | 'queries'>,
  truth: Truth,
  query: number,
  rows: readonly number[],
): Judgement {
  const vector = queries.vector(query);
  return judge(
    truth,
    query,
    rows,
    (row) => distance(truth.metric, vector, dataset.vector(row)),
    (row) => roundingOf(truth.metric, vector, dataset.vector(row)),
  );
}
