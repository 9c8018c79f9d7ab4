import type { Matrix } from '../../vocabulary.js';
import type { DatasetManifest } from './manifest.js';

export type { Column, ColumnType } from '../../columns.js';
export type { DatasetManifest, VectorChecks } from './manifest.js';

/** Neighbours that a file claims for its queries. Claims are verified on a sample before they are believed. */
export interface DeclaredNeighbours {
  readonly k: number;
  /** queries × k row numbers of the base; −1 where the file names fewer than k. */
  readonly rows: Int32Array;
}

/** One base row beside its vector. `id` is the user's own. */
export interface RowData {
  readonly id: string | number;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly text: string | null;
}

/** Some consecutive base vectors, the first of which is row `start`. */
export interface Block extends Matrix {
  readonly start: number;
}

/**
 * A dataset opened for reading. Rows are numbered 0 … rows − 1; that number is the primary key of the benchmark's
 * table. The base is never held in memory as a whole.
 */
export interface Dataset {
  readonly manifest: DatasetManifest;
  /**
   * Query vectors: held out of the base, or the source's own. How many are also rows of the base is in the manifest's
   * checks.
   */
  readonly queries: Matrix;
  /** Base vectors in order. The block's array may be reused: copy what must outlive the step. */
  blocks(rowsPerBlock?: number): AsyncIterable<Block>;
  /** One base vector, as float32. */
  vector(row: number): Float32Array;
  /** Ids, attributes and text in row order. */
  rows(): AsyncIterable<RowData>;
  /** The same for the queries (text of hybrid queries, relevance judgements). */
  queryRows(): AsyncIterable<RowData>;
  declaredNeighbours(): Promise<DeclaredNeighbours | null>;
  /** Folder for what is derived from this very data (exact neighbours). */
  readonly cacheFolder: string;
  close(): void;
}
