import { LINE_POINTER_BYTES, maxAlign, PAGE_BYTES } from './page-layout.js';

/** A page without its header and the 16 bytes that a B-tree keeps at its end. */
const BTREE_PAGE_BYTES = PAGE_BYTES - 24 - 16;
const TUPLE_HEADER_BYTES = 8;
const ROW_POINTER_BYTES = 6;
/** A build makes no longer posting list than a tenth of a page. */
const MAX_POSTING_BYTES = Math.floor(PAGE_BYTES / 10 / 8) * 8 - LINE_POINTER_BYTES;
/** Inner pages are filled so far, in per cent. */
const INNER_FILL = 70;

export interface BtreeLayout {
  /** Of all columns of an entry, on average. */
  readonly keyBytes: number;
  /** Distinct keys: equal ones share an entry. `rows` where nothing is deduplicated. */
  readonly distinct: number;
  /** In per cent. */
  readonly fillfactor: number;
}

/**
 * Pages of a B-tree as a build leaves it.
 *
 * Source: PostgreSQL, src/backend/access/nbtree/nbtsort.c (`_bt_load`, `_bt_buildadd`), nbtree.h, and its README on deduplication.
 *
 * @param rows that it has entries for
 */
export function btreePages({ keyBytes, distinct, fillfactor }: BtreeLayout, rows: number): number {
  const entry = maxAlign(TUPLE_HEADER_BYTES + keyBytes);
  const perPosting = Math.max(1, Math.floor((MAX_POSTING_BYTES - entry) / ROW_POINTER_BYTES));
  const keys = Math.max(1, Math.min(distinct, rows));
  const duplicates = rows / keys;
  const postings = duplicates < 2 ? 0 : Math.ceil(duplicates / perPosting);
  const bytesOfKey =
    postings === 0
      ? duplicates * (entry + LINE_POINTER_BYTES)
      : maxAlign(duplicates * ROW_POINTER_BYTES) + postings * (entry + LINE_POINTER_BYTES);
  let level = Math.ceil((keys * bytesOfKey) / ((BTREE_PAGE_BYTES * fillfactor) / 100));
  let pages = 1 + Math.max(1, level);
  const perInner = Math.max(2, Math.floor((BTREE_PAGE_BYTES * INNER_FILL) / 100 / (entry + LINE_POINTER_BYTES)));
  while (level > 1) {
    level = Math.ceil(level / perInner);
    pages += level;
  }
  return pages;
}
