import type { Matrix, Metric } from '../vocabulary.js';

/** What kind of values a column of attributes holds. */
export type ColumnType = 'number' | 'text' | 'boolean' | 'date' | 'text[]' | 'json';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** What a stored dataset says about itself: `manifest.json` beside its files. */
export interface DatasetManifest {
  readonly version: number;
  readonly name: string;
  /** SHA-256 over vectors, queries, ids, attributes and metric: equal hash, equal data. */
  readonly hash: string;
  readonly rows: number;
  readonly dimensions: number;
  readonly queries: number;
  /** The metric that the data was made for; null when the source does not say. */
  readonly metric: Metric | null;
  readonly synthetic: boolean;
  readonly columns: readonly Column[];
  /** Name of the column that holds the text to search, if any. */
  readonly textColumn: string | null;
  /** What it was made from, for people: a file's name and hash, or the generator's settings. */
  readonly source: unknown;
}

/** Neighbours that a file claims for its queries. Claims are verified on a sample before they are believed. */
export interface DeclaredNeighbours {
  readonly k: number;
  /** queries × k row numbers of the base. */
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
  /** Held-out query vectors: none of them is a row of the base. */
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
