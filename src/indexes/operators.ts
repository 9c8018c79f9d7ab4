import type { Metric, Storage } from '../vocabulary.js';

const OPERATORS: Record<Metric, string> = {
  l2: '<->',
  ip: '<#>',
  cosine: '<=>',
  l1: '<+>',
  hamming: '<~>',
  jaccard: '<%>',
};

/** pgvector's distance operator of a metric: `cosine` → `<=>`. */
export const operatorFor = (metric: Metric): string => OPERATORS[metric];

/**
 * The metric that an index of this storage orders by. Binary quantised vectors have only their bits left, so they are
 * ordered by Hamming distance whatever the column's metric is, and re-ranked by that afterwards.
 */
export const indexedMetric = (storage: Storage, metric: Metric): Metric => (storage === 'bit' ? 'hamming' : metric);

/** pgvector's operator class: `halfvec` and `cosine` → `halfvec_cosine_ops`; `bit` → `bit_hamming_ops`. */
export const operatorClassFor = (storage: Storage, metric: Metric): string =>
  `${storage}_${indexedMetric(storage, metric)}_ops`;

/**
 * What the index is built on, as text that a query must repeat for the planner to recognise it.
 *
 * @param column the vector column's name, already quoted
 */
export function indexedExpression(options: {
  readonly storage: Storage;
  readonly column: string;
  readonly dimensions: number;
}): string {
  const { storage, column, dimensions } = options;
  switch (storage) {
    case 'vector':
      return column;
    case 'halfvec':
      return `(${column}::halfvec(${dimensions}))`;
    case 'bit':
      return `(binary_quantize(${column})::bit(${dimensions}))`;
  }
}

/**
 * The expression to `ORDER BY` so that an index of this storage can serve the query. For `bit` it orders the
 * candidates only; the workload re-ranks them by the column's own metric.
 *
 * @param column the vector column's name, already quoted
 * @param query an expression of type `vector`, such as `$1::vector`
 */
export function orderByExpression(options: {
  readonly storage: Storage;
  readonly metric: Metric;
  readonly column: string;
  readonly dimensions: number;
  readonly query: string;
}): string {
  const { storage, metric, query } = options;
  const operand = indexedExpression({ ...options, column: query });
  return `${indexedExpression(options)} ${operatorFor(indexedMetric(storage, metric))} ${operand}`;
}

/**
 * Operators and functions that the ORDER BY expression costs the planner for each row: the distance, and for halfvec a
 * cast, for bit the quantisation and a cast.
 */
export const orderByOperators = (storage: Storage): number => ({ vector: 1, halfvec: 2, bit: 3 })[storage];
