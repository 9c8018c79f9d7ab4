import { orderByExpression, queryParameter } from '../indexes/index.js';
import type { QuerySet } from '../query-set.js';
import type { IndexSpec, Metric, SearchSettings } from '../vocabulary.js';
import { vectorArgument, type WorkloadQuery } from './query.js';
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
  /** Of the exact scan: in a form that no index can serve. */
  readonly isProtected?: boolean | undefined;
}

/** The k nearest rows and nothing else; candidates of an index on bits or subvectors are re-ranked by the vectors in the table. */
export function plainQuery(options: PlainOptions): WorkloadQuery {
  const { table, spec, metric, k, queries, settings = {}, isProtected = false } = options;
  const { dimensions } = queries;
  const distance = orderByExpression({
    spec,
    metric,
    column: 'embedding',
    dimensions,
    query: queryParameter(metric, dimensions),
  });
  return {
    text: isProtected
      ? `WITH everything AS MATERIALIZED (SELECT id, ${distance} AS distance FROM ${table}) SELECT id FROM everything ORDER BY distance LIMIT ${k}`
      : nearestRows({ table, spec, metric, dimensions, limit: k, settings, columns: 'id' }),
    arguments: (query) => [vectorArgument(metric, queries.vector(query))],
  };
}
