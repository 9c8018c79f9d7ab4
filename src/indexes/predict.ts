import { PgvtuneError } from '../errors.js';
import type { IndexSpec, Metric } from '../vocabulary.js';
import type { HeapPages } from './heap-pages.js';
import { heapPages } from './heap-pages.js';
import { parametersOf } from './kind.js';
import { type StoredValue, valueBytes } from './page-layout.js';
import type { IndexPrediction, PredictionInput } from './prediction.js';
import { indexKind } from './registry.js';
import { columnType, storedValue } from './representations.js';

/** Bytes of a row beside its vector: one `bigint` key, as in the tables that pgvtune loads. */
const KEY_BYTES = 8;

/** What `pgvtune plan` shows of one index, from nothing but numbers. */
export interface TableAndIndexPrediction extends IndexPrediction {
  /** The spec with every default written out. */
  readonly spec: IndexSpec;
  readonly table: HeapPages;
  /** Workers besides the leader that PostgreSQL would give the build. */
  readonly parallelWorkers: number;
}

/**
 * Size, build memory and steps of an index over a table `(id bigint, embedding vector(dimensions))`, one with a `bit(dimensions)`, or one with a
 * `sparsevec` whose values all have as many elements, without a server.
 *
 * @throws {PgvtuneError} `usage` when the access method is unknown or has no model; parameters are taken as valid
 */
export function predictIndex(options: {
  /** Rows with a vector, no two alike. */
  readonly rows: number;
  readonly dimensions: number;
  /** Of each vector, where the column is a `sparsevec`; left out for a column of type `vector`. */
  readonly nonZeros?: number;
  readonly spec: IndexSpec;
  /** Tells a column of bits; left out for one of type `vector`. */
  readonly metric?: Metric;
  /** Pages of the table; left out for one of nothing but the key and the vector. */
  readonly table?: HeapPages;
  readonly maintenanceWorkMemBytes: number;
  /** The server's `max_parallel_maintenance_workers`. */
  readonly maxParallelMaintenanceWorkers: number;
  /** The table's storage parameter `parallel_workers`; left out when it is not set. */
  readonly tableParallelWorkers?: number;
  /** Major version of PostgreSQL. */
  readonly pgVersion: number;
  /** Version of the extension, `0.8.6`; left out for the newest. */
  readonly pgvector?: string;
}): TableAndIndexPrediction {
  const { rows, dimensions, nonZeros, spec, metric = 'l2' } = options;
  const kind = indexKind(spec.method);
  const parameters = parametersOf(kind, spec);
  const column: StoredValue =
    nonZeros === undefined ? { type: columnType(metric), dimensions } : { type: 'sparsevec', nonZeros };
  const table = options.table ?? heapPages({ rows, otherBytes: KEY_BYTES, valueBytes: valueBytes(column) });
  const { model } = kind;
  if (model === null) {
    throw new PgvtuneError('usage', `Nothing predicts the size of ${kind.title} indexes.`, {
      hint: 'Build one and measure it: pgvtune bench.',
    });
  }
  const parallelWorkers = model.buildWorkers({ ...options, heapPages: table.heapPages });
  const stored: Pick<PredictionInput, 'representation' | 'dimensions'> =
    nonZeros === undefined
      ? storedValue(spec, { dimensions, metric })
      : { representation: 'sparsevec', dimensions: nonZeros };
  const input = {
    ...options,
    ...stored,
    parameters,
    parallelWorkers,
    heapPages: table.heapPages,
  };
  return { ...model.predict(input), spec: { ...spec, parameters }, table, parallelWorkers };
}
