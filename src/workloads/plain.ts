import { orderByExpression } from '../indexes/index.js';
import type { IndexSpec, Matrix, Metric } from '../vocabulary.js';
import type { WorkloadQuery } from './query.js';

export interface PlainOptions {
  /** Quoted, schema-qualified name of a table `(id, embedding)`. */
  readonly table: string;
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly k: number;
  readonly queries: Matrix;
}

/**
 * The k nearest rows and nothing else, ordered by the very expression that the index is built on: any other form
 * (`DESC`, an arithmetic on the distance, a missing cast) and the planner cannot use the index.
 */
export function plainQuery({ table, spec, metric, k, queries }: PlainOptions): WorkloadQuery {
  const { dimensions, values } = queries;
  const order = orderByExpression({
    storage: spec.storage,
    metric,
    column: 'embedding',
    dimensions,
    query: '$1::vector',
  });
  return {
    text: `SELECT id FROM ${table} ORDER BY ${order} LIMIT ${k}`,
    arguments: (query) => [values.subarray(query * dimensions, (query + 1) * dimensions)],
  };
}
