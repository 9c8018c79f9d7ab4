import { INDEX_PAGE_BYTES, maxAlign } from '../../indexes/index.js';

/** A build splits pages in the middle: what of a page of keys, and of one of long lists, is in use after it. Measured on PostgreSQL 15. */
const KEY_PAGE_FILL = 0.55;
const LIST_PAGE_FILL = 0.66;
/** Header of a key's entry with a word of seven letters, its first row's address and the lists' length. */
const ENTRY_BYTES = 16 + 8;
const LINE_POINTER_BYTES = 4;
/** Longest list kept with its key. Source: PostgreSQL `ginblock.h` GinMaxItemSize, about a third of a page. */
const MOST_INLINE_BYTES = 2712 - ENTRY_BYTES;
/** A row's address counts 2,048 to a page. Source: PostgreSQL `ginpostinglist.c` MaxHeapTuplesPerPageBits. */
const ADDRESSES_PER_PAGE = 2048;

/**
 * Different keys of so many rows. Source: Manning, Raghavan, Schütze, _Introduction to Information Retrieval_, § 5.1.1:
 * Heaps' law with k = 44 and b = 0.49, as fitted to the Reuters news.
 */
export const heapsVocabulary = (rows: number, lexemes: number): number =>
  Math.max(lexemes, Math.round(44 * (rows * lexemes) ** 0.49));

/**
 * Estimated pages of a GIN index right after its build: an estimate, because it depends on how often each key occurs.
 * Keys occur as Zipf's law has it: the i-th most frequent in a share of the rows ∝ 1/i, at most in all.
 *
 * Source: PostgreSQL `ginpostinglist.c` (differences of addresses, seven bits to a byte), `ginentrypage.c`.
 *
 * @param options.lexemes different keys of a row, on average
 * @param options.vocabulary different keys of all rows
 */
export function ginPages(options: {
  readonly rows: number;
  readonly lexemes: number;
  readonly vocabulary: number;
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
}): number {
  const { rows, heapPages } = options;
  if (rows === 0 || options.lexemes === 0) return 2;
  const vocabulary = Math.max(Math.ceil(options.lexemes), options.vocabulary);
  const everywhere = zipfConstant(options.lexemes, vocabulary);
  const rowsPerPage = rows / Math.max(1, heapPages);
  let keyBytes = 0;
  let listPages = 0;
  for (let rank = 1; rank <= vocabulary; rank++) {
    const share = Math.min(1, everywhere / rank);
    const list = Math.max(0, rows * share - 1) * bytesOfDifference(share, rowsPerPage);
    const isLong = list > MOST_INLINE_BYTES;
    keyBytes += maxAlign(ENTRY_BYTES + (isLong ? 0 : list)) + LINE_POINTER_BYTES;
    if (isLong) listPages += 1 + Math.ceil(list / (LIST_PAGE_FILL * INDEX_PAGE_BYTES));
  }
  return 2 + Math.ceil(keyBytes / (KEY_PAGE_FILL * INDEX_PAGE_BYTES)) + listPages;
}

/** c with Σ min(1, c/i) = lexemes over i = 1 … vocabulary: c · (1 + ln(vocabulary / c)) where c ≥ 1. */
function zipfConstant(lexemes: number, vocabulary: number): number {
  const sum = (c: number): number =>
    c >= 1 ? c * (1 + Math.log(vocabulary / c)) : c * (Math.log(vocabulary) + 0.5772);
  let [low, high] = [0, vocabulary];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (sum(middle) < lexemes) low = middle;
    else high = middle;
  }
  return high;
}

/** Expected bytes of the difference between the addresses of a key's row and its next, rows having the key at random. */
function bytesOfDifference(share: number, rowsPerPage: number): number {
  const hitsPerPage = share * rowsPerPage;
  const samePage = 1 - (1 - Math.exp(-hitsPerPage)) / hitsPerPage;
  const atLeast = (pagesApart: number): number => Math.exp(-hitsPerPage * (pagesApart - 1));
  return 1 + (1 - samePage) * (1 + atLeast(2 ** 14 / ADDRESSES_PER_PAGE) + atLeast(2 ** 21 / ADDRESSES_PER_PAGE));
}
