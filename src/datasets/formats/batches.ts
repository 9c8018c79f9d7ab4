const BATCH_BYTES = 2 * 1024 * 1024;

/** Rows to a batch: about 2 MiB of vectors, at least one row, at most a thousand. */
export const rowsPerBatch = (dimensions: number): number =>
  Math.max(1, Math.min(1000, Math.floor(BATCH_BYTES / (4 * dimensions))));
