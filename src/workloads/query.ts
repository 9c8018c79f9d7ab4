import { comparesBits, type Metric } from '../vocabulary.js';

/** An argument of a query, before it is encoded for the wire; bits are a byte each, 0 or 1. */
export type QueryArgument = Float32Array | Uint8Array | string | number;

/** A query's vector as its statement takes it, see `queryParameter`: floats, or a bit where they are above zero. */
export const vectorArgument = (metric: Metric, vector: Float32Array): QueryArgument =>
  comparesBits(metric) ? Uint8Array.from(vector, (value) => (value > 0 ? 1 : 0)) : vector;

/** A workload made concrete for one index: what is sent to the server. Column names are those of the benchmark's table. */
export interface WorkloadQuery {
  /** SQL with $1, $2 …; the first column of its rows is the row's number. */
  readonly text: string;
  /** Arguments of the query at a position of its set, in the order of the placeholders. */
  arguments(query: number): readonly QueryArgument[];
}
