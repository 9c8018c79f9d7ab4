/** PostgreSQL's block size as everybody builds it (`BLCKSZ`). */
export const PAGE_BYTES = 8192;

/** A page of either index kind without its header (24 bytes) and pgvector's special space (8 bytes). */
export const INDEX_PAGE_BYTES = PAGE_BYTES - 24 - 8;

/** The pointer that a page holds for each of its tuples (`ItemIdData`). */
export const LINE_POINTER_BYTES = 4;

/** `MAXALIGN` of PostgreSQL's `c.h` on 64-bit machines. */
export const maxAlign = (bytes: number): number => 8 * Math.ceil(bytes / 8);

/** A type of pgvector that holds all dimensions of a vector. */
export type ColumnType = 'vector' | 'halfvec' | 'bit';

/** A vector as the index keeps it. Of a sparse vector only the non-zero elements take room. */
export type StoredValue =
  | { readonly type: ColumnType; readonly dimensions: number }
  | { readonly type: 'sparsevec'; readonly nonZeros: number };

/**
 * Bytes of a stored value with its four-byte length: 8+4d, 8+2d, 8+⌈d/8⌉ and 16+8·nnz.
 *
 * Source: pgvector `vector.h` VECTOR_SIZE, `halfvec.h` HALFVEC_SIZE, `sparsevec.h` SPARSEVEC_SIZE, and PostgreSQL
 * `varbit.h` VARBITTOTALLEN.
 */
export function valueBytes(value: StoredValue): number {
  switch (value.type) {
    case 'vector':
      return 8 + 4 * value.dimensions;
    case 'halfvec':
      return 8 + 2 * value.dimensions;
    case 'bit':
      return 8 + Math.ceil(value.dimensions / 8);
    case 'sparsevec':
      return 16 + 8 * value.nonZeros;
  }
}

/** {@link valueBytes} of so many elements: all dimensions, or of a sparse vector those that are not zero. */
export const bytesOfElements = (type: StoredValue['type'], elements: number): number =>
  valueBytes(type === 'sparsevec' ? { type, nonZeros: elements } : { type, dimensions: elements });

/**
 * Bytes of a value inside a heap row or an ordinary index tuple: short ones swap their four-byte length for one byte.
 *
 * Source: PostgreSQL `heaptuple.c` heap_compute_data_size, `varatt.h` VARATT_CAN_MAKE_SHORT.
 */
export const packedBytes = (bytes: number): number => (bytes - 3 <= 127 ? bytes - 3 : bytes);
