import { INDEX_PAGE_BYTES, LINE_POINTER_BYTES, maxAlign, packedBytes } from './page-layout.js';

/** Rows of one list that share a page. Source: pgvector `ivfbuild.c` InsertTuples, PostgreSQL `indextuple.c`. */
export const ivfflatRowsPerPage = (valueBytes: number): number =>
  Math.floor(INDEX_PAGE_BYTES / (maxAlign(8 + packedBytes(valueBytes)) + LINE_POINTER_BYTES));

/** Pages that hold the centres. Source: pgvector `ivfbuild.c` CreateListPages, `ivfflat.h` IVFFLAT_LIST_SIZE. */
export function ivfflatListPages(lists: number, valueBytes: number): number {
  const listBytes = maxAlign(8 + maxAlign(valueBytes)) + LINE_POINTER_BYTES;
  return Math.ceil(lists / Math.floor(INDEX_PAGE_BYTES / listBytes));
}

/**
 * Pages of an index whose lists have exactly these sizes: metapage, centres, and whole pages for each list.
 *
 * Source: pgvector `ivfbuild.c` CreateMetaPage, CreateListPages, InsertTuples.
 */
export function ivfflatPagesOfLists(listSizes: readonly number[], valueBytes: number): number {
  const perPage = ivfflatRowsPerPage(valueBytes);
  const data = listSizes.reduce((pages, size) => pages + Math.max(1, Math.ceil(size / perPage)), 0);
  return 1 + ivfflatListPages(listSizes.length, valueBytes) + data;
}

/**
 * Expected pages of one list: the last page of a list is half full on average, and an empty list has one too. Within
 * 1 % of real indexes whose lists have two pages or more; shorter lists depend on how unequal k-means left them.
 */
const expectedPagesPerList = (rowsPerList: number, rowsPerPage: number): number =>
  Math.max(1, rowsPerList / rowsPerPage + (rowsPerPage - 1) / (2 * rowsPerPage));

/** Expected pages of an index over `rows` rows. */
export function ivfflatPages(options: {
  readonly rows: number;
  readonly lists: number;
  readonly valueBytes: number;
}): number {
  const { rows, lists, valueBytes } = options;
  const data = lists * expectedPagesPerList(rows / lists, ivfflatRowsPerPage(valueBytes));
  return 1 + ivfflatListPages(lists, valueBytes) + Math.ceil(data);
}
