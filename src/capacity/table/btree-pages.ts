import { maxAlign, PAGE_BYTES } from '../../indexes/index.js';

/** Page without header, special space and the line pointer of the high key. Source: PostgreSQL `nbtree.h`. */
const USABLE_BYTES = PAGE_BYTES - 24 - 16 - 4;
/** What a build fills of a leaf and of an inner page. Source: PostgreSQL `nbtree.h` BTREE_DEFAULT_FILLFACTOR. */
const LEAF_BYTES = USABLE_BYTES - 0.1 * PAGE_BYTES;
const INNER_BYTES = USABLE_BYTES - 0.3 * PAGE_BYTES;
const LINE_POINTER_BYTES = 4;
const TUPLE_HEADER_BYTES = 8;
const ROW_ADDRESS_BYTES = 6;
/** Largest list of rows with equal keys. Source: PostgreSQL `nbtsort.c` _bt_load: a tenth of a page. */
const POSTING_BYTES = 8 * Math.floor((0.1 * PAGE_BYTES) / 8) - LINE_POINTER_BYTES;

/**
 * Pages of a btree right after its build, or of one whose keys came in ascending order.
 *
 * Keys that come in any other order leave pages about two thirds full, so such an index is up to 1.4 times as large.
 *
 * @param options.distinct different keys; left out where every row has its own, or where the type keeps equal keys apart
 *
 * Source: PostgreSQL `nbtsort.c` _bt_buildadd, _bt_load (deduplication, from 13 on).
 */
export function btreePages(options: {
  readonly rows: number;
  readonly keyBytes: number;
  readonly distinct?: number;
}): number {
  const { rows, keyBytes } = options;
  if (rows === 0) return 1;
  const keyTuple = maxAlign(TUPLE_HEADER_BYTES + keyBytes);
  const distinct = Math.min(rows, options.distinct ?? rows);
  let level = Math.ceil(leafPages(rows, distinct, keyTuple));
  let pages = level;
  const fanOut = Math.max(2, Math.floor(INNER_BYTES / (keyTuple + LINE_POINTER_BYTES)));
  while (level > 1) {
    level = Math.ceil(level / fanOut);
    pages += level;
  }
  return 1 + pages;
}

function leafPages(rows: number, distinct: number, keyTuple: number): number {
  const perKey = rows / distinct;
  if (perKey <= 1) return rows / Math.max(1, Math.floor(LEAF_BYTES / (keyTuple + LINE_POINTER_BYTES)));
  const mostRows = Math.max(2, Math.floor((POSTING_BYTES - keyTuple) / ROW_ADDRESS_BYTES));
  const tupleBytes = (count: number): number =>
    (count > 1 ? maxAlign(keyTuple + ROW_ADDRESS_BYTES * count) : keyTuple) + LINE_POINTER_BYTES;
  const full = Math.floor(perKey / mostRows);
  const rest = perKey - full * mostRows;
  const bytesPerKey = full * tupleBytes(mostRows) + (rest > 0 ? tupleBytes(rest) : 0);
  return (distinct * bytesPerKey) / LEAF_BYTES;
}
