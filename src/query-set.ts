import type { Matrix } from './vocabulary.js';

declare const brand: unique symbol;

/** Number of a query in its dataset: not to be mistaken for its position in a {@link QuerySet}. */
export type DatasetQuery = number & { readonly [brand]: 'query of a dataset' };

/** Some queries of a dataset, in the order in which they are asked. Positions count from 0. */
export interface QuerySet {
  /** Their numbers in the dataset. */
  readonly order: readonly DatasetQuery[];
  readonly size: number;
  readonly dimensions: number;
  /**
   * The vector at a position; a view, not a copy.
   *
   * @throws {RangeError} when there is no such position
   */
  vector(position: number): Float32Array;
  /** The queries at these positions, in this order. */
  select(positions: readonly number[]): QuerySet;
  /** `count` queries from a position on; all the rest when there are fewer, or no count is given. */
  slice(from: number, count?: number): QuerySet;
}

/** @param order numbers of the dataset's queries, each below `queries.rows`; all of them when absent */
export function querySet(
  queries: Matrix,
  order: readonly number[] = Array.from({ length: queries.rows }, (_, query) => query),
): QuerySet {
  const { dimensions, values } = queries;
  const numberAt = (position: number): number => {
    const query = order[position];
    if (query === undefined) throw new RangeError(`Expected a position below ${order.length}, got ${position}.`);
    return query;
  };
  return {
    order: order as readonly DatasetQuery[],
    size: order.length,
    dimensions,
    vector(position) {
      const query = numberAt(position);
      return values.subarray(query * dimensions, (query + 1) * dimensions);
    },
    select: (positions) => querySet(queries, positions.map(numberAt)),
    slice: (from, count = order.length) => querySet(queries, order.slice(from, from + count)),
  };
}

/** No query at all, of so many dimensions: where only the text of a statement is wanted. */
export const noQueries = (dimensions: number): QuerySet =>
  querySet({ rows: 0, dimensions, values: new Float32Array() });
