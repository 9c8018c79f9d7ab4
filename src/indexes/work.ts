import type { IndexParameters } from '../vocabulary.js';
import type { HeapPages } from './heap-pages.js';
import { hnswVisitedRows } from './planner.js';
import { ivfflatListPages, ivfflatPages } from './ivfflat-pages.js';

/** The query and the index that it is put to. */
export interface ScanWorkInput {
  readonly rows: number;
  /** Of the stored vector; see {@link valueBytes}. */
  readonly valueBytes: number;
  readonly table: HeapPages;
  readonly parameters: IndexParameters;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly k: number;
}

/** The work of one query, on average: a prior to choose what to try, never a result. */
export interface ScanWork {
  /** Rows (and centres) whose distance to the query is computed. */
  readonly compared: number;
  /** Buffers of 8 kB touched, hit or read. */
  readonly buffers: number;
}

/** Buffers that finding one vector out of line takes beside its own pages: mostly the descent of the TOAST index. */
const TOAST_LOOKUP_BUFFERS = 5;

/** The whole table once, each vector out of line looked up by itself. */
export const exactWork = ({ rows, table }: { readonly rows: number; readonly table: HeapPages }): ScanWork => ({
  compared: rows,
  buffers: table.heapPages + (table.toastPages > 0 ? table.toastPages + TOAST_LOOKUP_BUFFERS * rows : 0),
});

/**
 * Buffers of the table that sorting rows of a quantised index by their stored vectors touches: each row, and where the
 * vectors are out of line, a look-up of each. Within 1 % of what was measured at 384, 768 and 1,536 dimensions; at 3,000,
 * where the chunks of a vector are scattered, a quarter too few.
 *
 * @param candidates rows that are sorted
 */
export const rerankBuffers = (options: {
  readonly rows: number;
  readonly table: HeapPages;
  readonly candidates: number;
}): number => {
  const { rows, table, candidates } = options;
  const outOfLine = table.toastPages > 0 ? TOAST_LOOKUP_BUFFERS + Math.max(1, table.toastPages / rows) : 0;
  return Math.min(rows, candidates) * (1 + outOfLine);
};

/**
 * One buffer for each row compared and one for each candidate expanded, about ef_search of them. Measured buffers on
 * 254 builds and settings of 128-dimensional data lie between 0.95 and 1.4 times this.
 *
 * Source: pgvector `hnswutils.c` HnswSearchLayer, HnswLoadUnvisitedFromDisk, HnswLoadElement; `hnsw.c`
 * hnswcostestimate.
 */
export function hnswWork(options: { readonly rows: number; readonly m: number; readonly efSearch: number }): ScanWork {
  const compared = Math.min(options.rows, hnswVisitedRows(options));
  return { compared, buffers: compared + Math.min(options.rows, options.efSearch) };
}

/**
 * All centres, then the rows of `probes` lists of average size. Lists are of unequal size and queries fall into the
 * larger ones more often, so this is a lower estimate.
 *
 * Source: pgvector `ivfscan.c` GetScanLists, GetScanItems.
 */
export function ivfflatWork(options: {
  readonly rows: number;
  readonly lists: number;
  readonly probes: number;
  readonly valueBytes: number;
  readonly k: number;
}): ScanWork {
  const { rows, lists, valueBytes, k } = options;
  const share = Math.min(1, options.probes / lists);
  const listPages = ivfflatListPages(lists, valueBytes);
  const dataPages = ivfflatPages(options) - listPages - 1;
  return { compared: lists + share * rows, buffers: 1 + listPages + share * dataPages + k };
}
