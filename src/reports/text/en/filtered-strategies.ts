import { type FilteredStrategyName, HASH_PARTITIONS } from '../../../workloads/index.js';

/** What people call the ways to serve filtered queries. */
export const filteredStrategies: Readonly<Record<FilteredStrategyName, string>> = {
  'exact-scan': 'scan of the table, exact sort',
  'pre-filter': 'index on the filter, exact sort',
  'block-ranges': 'block ranges (BRIN) of the filter, exact sort',
  'post-filter': 'vector index, filtered afterwards',
  'iterative-relaxed': 'iterative scan, relaxed order, sorted afterwards',
  'iterative-strict': 'iterative scan, strict order',
  'partial-index': 'partial vector index for each filter',
  'list-partitions': 'a partition with a vector index for each value',
  'range-partitions': 'a partition with a vector index for each period',
  'hash-partitions': `values hashed to ${HASH_PARTITIONS} partitions with a vector index each`,
  'by-class-size': 'partial vector indexes for large classes, index on the filter for small ones',
  'denormalised-pre-filter': 'columns copied to the rows: index on the filter, exact sort',
  'denormalised-iterative-relaxed': 'columns copied to the rows: iterative scan, relaxed order, sorted afterwards',
  'denormalised-partial-index': 'columns copied to the rows: partial vector index for each filter',
  'denormalised-by-class-size':
    'columns copied to the rows: partial vector indexes for large classes, index on the filter for small ones',
};
