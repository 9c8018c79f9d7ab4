/** An argument of a query, before it is encoded for the wire. */
export type QueryArgument = Float32Array | string | number;

/** A workload made concrete for one index: what is sent to the server. Column names are those of the benchmark's table. */
export interface WorkloadQuery {
  /** SQL with $1, $2 …; the first column of its rows is the row's number. */
  readonly text: string;
  /** Arguments of the query at a position of its set, in the order of the placeholders. */
  arguments(query: number): readonly QueryArgument[];
}
