import { comparesBits, type Metric, metricSchema, type Representation, type Stored } from '../vocabulary.js';
import { columnTypeSql, representationKind, storedDimensions } from './representations.js';

const OPERATORS: Record<Metric, string> = {
  l2: '<->',
  ip: '<#>',
  cosine: '<=>',
  l1: '<+>',
  hamming: '<~>',
  jaccard: '<%>',
};

const METRICS = metricSchema.options;

/** pgvector's distance operator of a metric: `cosine` → `<=>`. */
export const operatorFor = (metric: Metric): string => OPERATORS[metric];

/** The metric of a distance operator: `<=>` → `cosine`; undefined for any other operator. */
export const metricOfOperator = (operator: string): Metric | undefined =>
  METRICS.find((metric) => OPERATORS[metric] === operator);

/** Operators by which an index of this class can order: `vector_cosine_ops` → `<=>`; undefined for classes of others. */
export function operatorOfClass(operatorClass: string): string | undefined {
  const metric = METRICS.find((one) => operatorClass.endsWith(`_${one}_ops`));
  return metric && OPERATORS[metric];
}

/** pgvector's operator class: `halfvec` and `cosine` → `halfvec_cosine_ops`; `bit` → `bit_hamming_ops`. */
export function operatorClassFor(representation: Representation, metric: Metric): string {
  const kind = representationKind(representation);
  return `${kind.type(metric)}_${kind.metric(metric)}_ops`;
}

/**
 * What the index is built on, as text that a query must repeat for the planner to recognise it.
 *
 * @param column the vector column's name, already quoted
 */
export const indexedExpression = (options: {
  readonly spec: Stored;
  readonly column: string;
  /** Of the column. */
  readonly dimensions: number;
}): string =>
  representationKind(options.spec.representation).expression(
    options.column,
    storedDimensions(options.spec, options.dimensions),
  );

/** The query's vector as statements name it: `$1::vector`, and where bits are compared `$1::bit(512)`. */
export const queryParameter = (metric: Metric, dimensions: number): string =>
  // Without its length, bit is bit(1).
  comparesBits(metric) ? `$1::${columnTypeSql(metric, dimensions)}` : '$1::vector';

/** A vector as a `bit` takes it, `0110`: one where a value is above zero. */
export const bitText = (vector: Float32Array | Uint8Array): string =>
  Array.from(vector, (value) => (value > 0 ? '1' : '0')).join('');

/**
 * The expression to `ORDER BY` so that an index that stores this can serve the query. Where it orders candidates only,
 * the workload re-ranks them by the column's own metric.
 *
 * @param column the vector column's name, already quoted
 * @param query an expression of the column's type, such as {@link queryParameter}
 */
export function orderByExpression(options: {
  readonly spec: Stored;
  readonly metric: Metric;
  readonly column: string;
  readonly dimensions: number;
  readonly query: string;
}): string {
  const { spec, metric, query } = options;
  const operand = indexedExpression({ ...options, column: query });
  return `${indexedExpression(options)} ${operatorFor(representationKind(spec.representation).metric(metric))} ${operand}`;
}

/** Operators and functions that the ORDER BY expression costs the planner for each row. */
export const orderByOperators = (representation: Representation): number =>
  representationKind(representation).operators;
