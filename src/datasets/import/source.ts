import type { SqlType } from '../../columns.js';
import type { Metric } from '../../vocabulary.js';
import type { ImportNote } from '../../progress.js';
import type { DeclaredNeighbours } from '../store/dataset.js';

/** Some consecutive rows as a format's reader or the generator yields them. The arrays may be reused by the next batch. */
export interface SourceBatch {
  readonly rows: number;
  /** rows × dimensions, row-major. */
  readonly vectors: Float32Array;
  /** Rows of the batch that have no vector, whatever is in `vectors`; absent: none. */
  readonly missing?: ReadonlySet<number>;
  /** The user's ids; null when the source has none (rows are then numbered). */
  readonly ids: readonly (string | number)[] | null;
  readonly attributes: readonly Readonly<Record<string, unknown>>[] | null;
  readonly texts: readonly (string | null)[] | null;
}

/**
 * Where a dataset comes from: a file in some format, the generator, a live table. A source only yields; checking
 * (dimensions, NaN, duplicate ids, zero vectors), holding queries out and writing is the store's work, done once for all.
 */
export interface DatasetSource {
  readonly name: string;
  readonly dimensions: number;
  readonly metric: Metric | null;
  /** What the source calls its metric, where that is no known one: then somebody must say which it is. */
  readonly unknownMetric?: string;
  readonly synthetic: boolean;
  /** Column (of the attributes) that holds the text to search is given by `texts`; this is its name, for people. */
  readonly textColumn: string | null;
  /** Types that the source says its columns have; absent: they are told by the values. */
  readonly columnTypes?: ReadonlyMap<string, SqlType>;
  /** What to write into the manifest as `source`. */
  readonly provenance: unknown;
  /** How many base rows there will be, when that is known before reading; for progress bars. */
  readonly expectedRows: number | null;
  /** Where `expectedRows` are not known: the share of the base that was read so far, as far as a file's bytes tell; below 1. */
  shareRead?(): number;
  base(): AsyncIterable<SourceBatch>;
  /** null: the source has no queries of its own, and the store holds a random sample of the base out. */
  queries(): AsyncIterable<SourceBatch> | null;
  /**
   * The place of a row or query of the last batch, for messages: `docs.fbin, byte 1,024`. Absent where rows have
   * no place of their own.
   */
  locate?(table: 'base' | 'queries', row: number): string;
  /** What people should know about it, whatever is imported. */
  readonly notes?: readonly ImportNote[];
  /** Asked once, after base and queries were read. */
  declaredNeighbours(): Promise<DeclaredNeighbours | null>;
  close(): void;
}
