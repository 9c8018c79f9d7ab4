/** The exact side is one backend's work, not that of all the server's processors, and is not compiled first. */
export const GENTLE = { max_parallel_workers_per_gather: '0', jit: 'off' };

/**
 * No index of pgvector's answers without a plain index scan; other indexes are still read through bitmaps. The other ways are
 * open, whatever was set: since PostgreSQL 18 a plan with two discouraged nodes loses to one with one of them.
 */
export const NO_INDEX_SCAN = {
  enable_indexscan: 'off',
  enable_indexonlyscan: 'off',
  enable_bitmapscan: 'on',
  enable_sort: 'on',
  enable_seqscan: 'on',
};
