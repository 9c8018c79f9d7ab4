/** Share of a server's memory that caches data, in shared_buffers and by the operating system. */
export const CACHE_SHARE = 0.75;

/** The most whole rows whose size is at most `bytes`, for a size that grows with the rows; 0 when not even one fits. */
export function rowsThatFit(bytes: number, sizeOf: (rows: number) => number): number {
  if (sizeOf(1) > bytes) return 0;
  let high = 2;
  while (sizeOf(high) <= bytes && high < Number.MAX_SAFE_INTEGER / 4) high *= 2;
  let low = high / 2;
  while (high - low > Math.max(1, low * 1e-4)) {
    const middle = Math.floor((low + high) / 2);
    if (sizeOf(middle) <= bytes) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Milliseconds that reading a page took: what a cold query takes more than a warm one, over the pages that it read.
 *
 * @returns null where nothing was read, or reading cost nothing that could be seen
 */
export function pageReadMs(warmMs: number, coldMs: number, pagesRead: number): number | null {
  const each = pagesRead > 0 ? (coldMs - warmMs) / pagesRead : 0;
  return each > 0 ? each : null;
}

/** Share of a query's pages that are not in memory when its pages lie anywhere in the index: what of it does not fit. */
export const missShare = (indexBytes: number, memoryBytes: number): number =>
  indexBytes <= memoryBytes ? 0 : 1 - memoryBytes / indexBytes;
