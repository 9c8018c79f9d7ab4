/**
 * Which rows may be returned, query by query. Queries that share a condition share a bitmap: the base is read once
 * whatever the number of conditions.
 */
export interface RowFilter {
  /** One for each distinct condition, as {@link rowBitmap} makes them. */
  readonly bitmaps: readonly Uint8Array[];
  /** Per asked query, in the order asked: index into `bitmaps`. */
  readonly ofQuery: Int32Array;
}

/** One bit a row, in row order from the lowest bit of the first byte. */
export function rowBitmap(rows: number, matches: (row: number) => boolean): Uint8Array {
  const bitmap = new Uint8Array(Math.ceil(rows / 8));
  for (let row = 0; row < rows; row++) if (matches(row)) bitmap[row >> 3]! |= 1 << (row & 7);
  return bitmap;
}

export const hasRow = (bitmap: Uint8Array, row: number): boolean => ((bitmap[row >> 3]! >> (row & 7)) & 1) === 1;
