import type { QuerySet } from '../query-set.js';
import type { IndexSpec, Metric, SearchSettings } from '../vocabulary.js';
import type { WorkloadQuery } from './query.js';
import { nearestRows } from './rerank.js';

export interface PlainOptions {
  /** Quoted, schema-qualified name of a table `(id, embedding)`. */
  readonly table: string;
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly k: number;
  readonly queries: QuerySet;
  /** Those of the statement: `rerank_depth`. Default: none. */
  readonly settings?: SearchSettings;
}

/** The k nearest rows and nothing else; candidates of an index on bits or subvectors are re-ranked by the vectors in the table. */
export function plainQuery({ table, spec, metric, k, queries, settings = {} }: PlainOptions): WorkloadQuery {
  const { dimensions } = queries;
  return {
    text: nearestRows({ table, spec, metric, dimensions, limit: k, settings, columns: 'id' }),
    arguments: (query) => [queries.vector(query)],
  };
}
