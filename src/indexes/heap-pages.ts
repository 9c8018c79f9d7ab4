import { LINE_POINTER_BYTES, PAGE_BYTES, maxAlign, packedBytes } from './page-layout.js';

const HEAP_PAGE_BYTES = PAGE_BYTES - 24;
const ROW_HEADER_BYTES = 24;
/** Rows above this have their vector moved out of line. Source: PostgreSQL `heaptoast.h` TOAST_TUPLE_THRESHOLD. */
const TOAST_THRESHOLD_BYTES = 2032;
/** What stays in the row then. Source: PostgreSQL `varatt.h` TOAST_POINTER_SIZE. */
const TOAST_POINTER_BYTES = 18;
/** Bytes of a value in one row of the TOAST table. Source: PostgreSQL `heaptoast.h` TOAST_MAX_CHUNK_SIZE. */
const TOAST_CHUNK_BYTES = 1996;

/** Rows whose chunks are packed one by one; more are scaled. */
const SAMPLED_ROWS = 300;

/** Pages of a table and of its TOAST table. The planner's sequential scan sees the first only. */
export interface HeapPages {
  readonly heapPages: number;
  readonly toastPages: number;
}

const rowsPerPage = (rowBytes: number): number =>
  Math.floor(HEAP_PAGE_BYTES / (maxAlign(rowBytes) + LINE_POINTER_BYTES));

/**
 * Pages of the TOAST table: each value is cut into whole chunks and a last one of what is left. A chunk goes to the page
 * last written, else to an earlier one with room, else to a new one.
 *
 * Source: PostgreSQL `toast_internals.c` toast_save_datum, `hio.c` RelationGetBufferForTuple.
 */
function toastPagesOf(rows: number, storedBytes: number): number {
  const chunkRow = (bytes: number): number => maxAlign(ROW_HEADER_BYTES + 12 + bytes) + LINE_POINTER_BYTES;
  const rest = storedBytes % TOAST_CHUNK_BYTES;
  const chunks = Array.from({ length: Math.floor(storedBytes / TOAST_CHUNK_BYTES) }, () => chunkRow(TOAST_CHUNK_BYTES));
  if (rest > 0) chunks.push(chunkRow(rest));
  const sampled = Math.min(rows, SAMPLED_ROWS);
  const free: number[] = [];
  let target = -1;
  for (let row = 0; row < sampled; row++) {
    for (const chunk of chunks) {
      if (target < 0 || free[target]! < chunk) target = free.findIndex((room) => room >= chunk);
      if (target < 0) target = free.push(HEAP_PAGE_BYTES) - 1;
      free[target]! -= chunk;
    }
  }
  return Math.ceil((free.length * rows) / sampled);
}

/**
 * Pages of a freshly loaded table of short columns and one vector column, no NULLs, fillfactor 100.
 *
 * A vector moves out of line when its row exceeds 2032 bytes (about 500 `vector` dimensions), unless the column's
 * storage is PLAIN. pgvector's types are EXTERNAL since 0.6.0: never compressed.
 *
 * Source: PostgreSQL `hio.c` RelationGetBufferForTuple, `heaptoast.c` heap_toast_insert_or_update.
 */
export function heapPages(options: {
  readonly rows: number;
  /** Of all other columns together, a multiple of 4: 8 for one `bigint`. */
  readonly otherBytes: number;
  /** Of the stored vector; see {@link valueBytes}. */
  readonly valueBytes: number;
  readonly columnStorage?: 'external' | 'plain';
}): HeapPages {
  const { rows, otherBytes, valueBytes, columnStorage = 'external' } = options;
  if (rows === 0) return { heapPages: 0, toastPages: 0 };
  const plain = columnStorage === 'plain';
  const inline = ROW_HEADER_BYTES + otherBytes + (plain ? valueBytes : packedBytes(valueBytes));
  if (plain || maxAlign(inline) <= TOAST_THRESHOLD_BYTES) {
    return { heapPages: Math.ceil(rows / rowsPerPage(inline)), toastPages: 0 };
  }
  const pointerRow = ROW_HEADER_BYTES + otherBytes + TOAST_POINTER_BYTES;
  return { heapPages: Math.ceil(rows / rowsPerPage(pointerRow)), toastPages: toastPagesOf(rows, valueBytes - 4) };
}
