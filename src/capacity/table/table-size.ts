import { heapRowsPerPage, PAGE_BYTES, toastChunks, toastPages } from '../../indexes/index.js';
import { btreePages } from './btree-pages.js';
import { isDeduplicated, keyBytes, type PlannedColumn } from './columns.js';
import { ginPages, heapsVocabulary } from './gin-pages.js';
import { type RowLayout, rowLayout, type TableShape } from './row-layout.js';

/** An index beside that of the vectors, and its size right after its build. */
export interface ColumnIndexSize {
  readonly column: string;
  readonly method: 'btree' | 'gin';
  readonly bytes: number;
}

/** The table without its vector indexes: pages times 8 kB, freshly loaded in the order of its key. */
export interface TableSize {
  readonly row: RowLayout;
  readonly heapBytes: number;
  readonly toastBytes: number;
  /** The index that finds a row's chunks in the TOAST table. */
  readonly toastIndexBytes: number;
  /** Primary key first. */
  readonly indexes: readonly ColumnIndexSize[];
  readonly totalBytes: number;
}

const KEY_BYTES = 8;

/**
 * Size of a table `(id bigint PRIMARY KEY, …columns, embedding)` without NULLs, at fillfactor 100, after a bulk load.
 *
 * Heap, TOAST and btree are within 5 % of real tables; a GIN index is an estimate (see {@link ginPages}).
 */
export function tableSize(shape: TableShape): TableSize {
  const { rows } = shape;
  const row = rowLayout(shape);
  const heapPages = Math.ceil(rows / Math.max(1, heapRowsPerPage(row.inlineBytes)));
  const toast = toastPages(rows, row.outOfLineBytes);
  // Key of the TOAST index: the value's number and the chunk's.
  const chunks = rows * row.outOfLineBytes.flatMap(toastChunks).length;
  const toastIndex = chunks === 0 ? 0 : btreePages({ rows: chunks, keyBytes: 8 });
  const indexes: ColumnIndexSize[] = [
    { column: 'id', method: 'btree', bytes: PAGE_BYTES * btreePages({ rows, keyBytes: KEY_BYTES }) },
    ...shape.columns.flatMap((column) => columnIndex(column, { rows, heapPages })),
  ];
  const sizes = { heapBytes: heapPages * PAGE_BYTES, toastBytes: toast * PAGE_BYTES };
  const toastIndexBytes = toastIndex * PAGE_BYTES;
  const indexBytes = indexes.reduce((sum, { bytes }) => sum + bytes, 0);
  const totalBytes = sizes.heapBytes + sizes.toastBytes + toastIndexBytes + indexBytes;
  return { row, ...sizes, toastIndexBytes, indexes, totalBytes };
}

function columnIndex(
  column: PlannedColumn,
  { rows, heapPages }: { readonly rows: number; readonly heapPages: number },
): readonly ColumnIndexSize[] {
  const { index } = column;
  if (index === null) return [];
  const pages =
    index.method === 'gin'
      ? ginPages({
          rows,
          heapPages,
          lexemes: index.lexemes,
          vocabulary: index.vocabulary ?? heapsVocabulary(rows, index.lexemes),
        })
      : btreePages({
          rows,
          keyBytes: keyBytes(column),
          ...(index.distinct === null || !isDeduplicated(column.type) ? {} : { distinct: index.distinct }),
        });
  return [{ column: column.name, method: index.method, bytes: pages * PAGE_BYTES }];
}
