/** What people should know about an import that went well. */
export type ImportNote =
  /** Rows (or queries) that nobody could use, left out as was asked. */
  | { readonly code: 'rows-left-out'; readonly data: LeftOut }
  /** Declared neighbours count rows from 1; they were taken to mean the rows from 0. */
  | { readonly code: 'neighbours-from-one' }
  /** Declared neighbours were not kept: that many of them are rows that there are not. */
  | { readonly code: 'neighbours-of-more-rows'; readonly data: { readonly unknown: number; readonly of: number } }
  /** Declared neighbours were not kept, because the numbers of the rows changed. */
  | { readonly code: 'neighbours-of-left-out' }
  /** Files of the source that were not read: neighbours for filtered queries, which are computed for each filter. */
  | { readonly code: 'files-ignored'; readonly data: { readonly files: readonly string[] } };

export interface LeftOut {
  readonly table: 'base' | 'queries';
  /** Without a vector. */
  readonly missing: number;
  /** With NaN, or a number larger than float32 can hold. */
  readonly notFinite: number;
  /** Zero vectors, where the metric needs a direction. */
  readonly zero: number;
  /** Ids of the first of them, or their numbers where they have none. */
  readonly first: readonly (string | number)[];
}

export type OnNote = (note: ImportNote) => void;
