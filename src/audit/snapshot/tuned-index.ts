import type { Representation } from '../../vocabulary.js';
import type { Interval } from './interval.js';

/** What `tune` found for an index on vectors, measured on a random sample of its table on another server. */
export interface TunedIndex {
  readonly indexOid: number;
  /**
   * `exact-scan`: the sample is so small that a scan of all rows is as good as an index; `not-reached`: nothing that was tried reached the
   * recall; `refused`: it keeps what is not tuned for, the table holds too few vectors, or a server failed; `out-of-time`: the indexes
   * before it took all the time there was.
   */
  readonly outcome: 'tuned' | 'exact-scan' | 'not-reached' | 'refused' | 'out-of-time';
  /** The run that holds the evidence; null where there is none. */
  readonly run: string | null;
  /** Null where nothing was sampled. */
  readonly sample: IndexSample | null;
  /** Neighbours that were asked for, and the mean recall that had to be reached. */
  readonly k: number;
  readonly targetRecall: number;
  /** The index as it is defined and searched today, on the sample, side by side with the recommended one; null: it was not measured there. */
  readonly existing: TunedChoice | null;
  readonly recommended: TunedChoice | null;
}

export interface IndexSample {
  readonly rows: number;
  /** Of the table that it was drawn from, as the planner estimates them; null: it was never analysed. */
  readonly tableRows: number | null;
  /** On which it was measured, as messages name it. */
  readonly server: string;
}

/** An index with its search settings, and its figures on a sample. */
export interface TunedChoice {
  readonly method: string;
  readonly representation: Representation;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly settings: Readonly<Record<string, number | string>>;
  /** Means over the queries, with 95 % intervals. */
  readonly recall: Interval;
  readonly pages: Interval;
  /** Null where there were too few queries. */
  readonly p95Ms: number | null;
  readonly bytes: number;
}

/** The sample is the table, but for a few rows. */
export const isWholeTable = ({ rows, tableRows }: IndexSample): boolean =>
  tableRows !== null && tableRows <= 1.2 * rows;
