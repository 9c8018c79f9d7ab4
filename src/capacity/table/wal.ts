import { maxAlign, PAGE_BYTES, toastChunks } from '../../indexes/index.js';
import type { RowLayout } from './row-layout.js';
import type { ColumnIndexSize } from './table-size.js';

/*
 * Bytes of write-ahead log, without the images of whole pages that a checkpoint makes the next change of each page add
 * (full_page_writes). A load appends to new pages, which have none; builds log whole pages as it is.
 */

/** A row of a multi-row insert: the tuple without its fixed header, and 8 bytes before it. Source: PostgreSQL `heapam_xlog.h` xl_multi_insert_tuple. */
const ROW_OVERHEAD_BYTES = 8 - 23;
/** Header of the record that logs a page of rows, measured on PostgreSQL 15. */
const PAGE_RECORD_BYTES = 62;
/** Record of an insert into the TOAST table, and the one into its index, page splits included: measured on PostgreSQL 15. */
const CHUNK_RECORD_BYTES = 141;
/** What a build leaves free of the pages of a btree and of a GIN index, which is not logged. */
const LOGGED_SHARE = { btree: 0.93, gin: 0.55 } as const;

/** WAL of a COPY into the table before it has an index, bytes. */
export function loadWal(table: { readonly rows: number; readonly row: RowLayout; readonly heapBytes: number }): number {
  const { rows, row, heapBytes } = table;
  const heap = rows * (row.inlineBytes + ROW_OVERHEAD_BYTES) + (heapBytes / PAGE_BYTES) * PAGE_RECORD_BYTES;
  const chunks = row.outOfLineBytes.flatMap(toastChunks);
  return Math.round(heap + rows * chunks.reduce((sum, bytes) => sum + bytes + CHUNK_RECORD_BYTES, 0));
}

/** WAL of building the indexes beside those of the vectors, bytes. */
export const columnIndexWal = (indexes: readonly ColumnIndexSize[]): number =>
  Math.round(indexes.reduce((sum, { method, bytes }) => sum + LOGGED_SHARE[method] * bytes, 0));

/** Page header, special space and the record's own header for a page: measured on PostgreSQL 15 with pgvector 0.8.0. */
const HNSW_PAGE_BYTES = 66;
const IVFFLAT_PAGE_BYTES = 150;
const LINE_POINTER_BYTES = 4;

/**
 * WAL of building an HNSW index, in memory or not: its pages once, at the end, without the space that is free in them.
 *
 * Source: pgvector `hnswbuild.c` BuildIndex (log_newpage_range).
 */
export function hnswBuildWal(index: {
  readonly elements: number;
  readonly m: number;
  readonly valueBytes: number;
  readonly pages: number;
}): number {
  const { elements, m, valueBytes, pages } = index;
  const neighbours = maxAlign(4 + 12 * m) + (6 * m) / (m - 1);
  const element = maxAlign(72 + valueBytes) + neighbours + 2 * LINE_POINTER_BYTES;
  return Math.round(elements * element + pages * HNSW_PAGE_BYTES);
}

/** WAL of building an IVFFlat index: each page, as it is filled. Source: pgvector `ivfbuild.c` InsertTuples. */
export function ivfflatBuildWal(index: {
  readonly rows: number;
  readonly lists: number;
  readonly valueBytes: number;
  readonly pages: number;
}): number {
  const { rows, lists, valueBytes, pages } = index;
  const tuple = maxAlign(8 + valueBytes) + LINE_POINTER_BYTES;
  return Math.round((rows + lists) * tuple + pages * IVFFLAT_PAGE_BYTES);
}
