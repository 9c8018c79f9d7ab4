import type { Interval } from './interval.js';

/** What the rows of a random sample hold in columns of vectors: the catalog does not know it. */
export interface VectorSamples {
  readonly columns: readonly VectorSample[];
  /** Columns of smaller tables, which were not looked at because there were so many. */
  readonly leftOut: number;
}

/** One column; of a partitioned table, with the rows of all its parts. */
export interface VectorSample {
  readonly tableOid: number;
  readonly columnNumber: number;
  /** Rows that were read; those without a vector are not among them. At least one. */
  readonly rows: number;
  /** Every row was read, so the shares are exact. */
  readonly isWhole: boolean;
  /** Of the rows: vectors of length 0. */
  readonly zero: Interval;
  /** Of the rows: vectors of another length than 1 (±1 %), those of length 0 aside. */
  readonly notUnit: Interval;
  /** Least and greatest length. */
  readonly lengths: readonly [least: number, greatest: number];
  /** With how many rows of the table a row picked at random shares its vector, itself counted: 1 where all differ. */
  readonly rowsPerVector: Interval;
  /** Rows of the sample that have its most frequent vector. */
  readonly mostFrequent: number;
}
