import { LINE_POINTER_BYTES, PAGE_BYTES, maxAlign, packedBytes } from './page-layout.js';

const HEAP_PAGE_BYTES = PAGE_BYTES - 24;
export const ROW_HEADER_BYTES = 24;
/** Rows above this have their vector moved out of line. Source: PostgreSQL `heaptoast.h` TOAST_TUPLE_THRESHOLD. */
export const TOAST_THRESHOLD_BYTES = 2032;
/** What stays in the row then. Source: PostgreSQL `varatt.h` TOAST_POINTER_SIZE. */
export const TOAST_POINTER_BYTES = 18;
/** Bytes of a value in one row of the TOAST table. Source: PostgreSQL `heaptoast.h` TOAST_MAX_CHUNK_SIZE. */
const TOAST_CHUNK_BYTES = 1996;

/** Rows whose chunks are packed one by one; more are scaled. */
const SAMPLED_ROWS = 300;

/** Pages of a table and of its TOAST table. The planner's sequential scan sees the first only. */
export interface HeapPages {
  readonly heapPages: number;
  readonly toastPages: number;
}

/** Rows of so many bytes, header included, that share a page of a table. */
export const heapRowsPerPage = (rowBytes: number): number =>
  Math.floor(HEAP_PAGE_BYTES / (maxAlign(rowBytes) + LINE_POINTER_BYTES));

/** The pieces, in bytes, that a value out of line is cut into. Source: PostgreSQL `toast_internals.c` toast_save_datum. */
export function toastChunks(storedBytes: number): readonly number[] {
  const rest = storedBytes % TOAST_CHUNK_BYTES;
  const whole = Array.from({ length: Math.floor(storedBytes / TOAST_CHUNK_BYTES) }, () => TOAST_CHUNK_BYTES);
  return rest > 0 ? [...whole, rest] : whole;
}

/**
 * Pages of the TOAST table: each value is cut into whole chunks and a last one of what is left. A chunk goes to the page
 * last written, else to an earlier one with room, else to a new one.
 *
 * @param storedBytes of the values of a row that are out of line, without their four-byte lengths
 *
 * Source: PostgreSQL `toast_internals.c` toast_save_datum, `hio.c` RelationGetBufferForTuple.
 */
export function toastPages(rows: number, storedBytes: readonly number[]): number {
  if (rows === 0) return 0;
  const chunkRow = (bytes: number): number => maxAlign(ROW_HEADER_BYTES + 12 + bytes) + LINE_POINTER_BYTES;
  const chunks = storedBytes.flatMap(toastChunks).map(chunkRow);
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
    return { heapPages: Math.ceil(rows / heapRowsPerPage(inline)), toastPages: 0 };
  }
  const pointerRow = ROW_HEADER_BYTES + otherBytes + TOAST_POINTER_BYTES;
  return { heapPages: Math.ceil(rows / heapRowsPerPage(pointerRow)), toastPages: toastPages(rows, [valueBytes - 4]) };
}
