import { PAGE_BYTES } from './page-layout.js';

const MB = 1024 ** 2;

/** Memory that each process of a parallel build must have. Source: PostgreSQL `planner.c` plan_create_index_workers. */
const LEAST_BYTES_PER_PROCESS = 32 * MB;

/**
 * Workers besides the leader that the size of a table earns: one from `min_parallel_table_scan_size` on, and one more
 * for each tripling. What lies out of line does not count, so a table of long vectors earns few.
 *
 * Source: PostgreSQL `allpaths.c` compute_parallel_worker.
 */
export function scanWorkers(options: {
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
  readonly minParallelTableScanBytes: number;
  readonly atMost: number;
}): number {
  const { heapPages, minParallelTableScanBytes, atMost } = options;
  const least = Math.max(1, minParallelTableScanBytes / PAGE_BYTES);
  let workers = 0;
  for (let pages = least; heapPages >= pages && workers < atMost; pages *= 3) workers++;
  return workers;
}

/** What decides how many workers a build gets. */
export interface BuildWorkersInput {
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
  readonly maintenanceWorkMemBytes: number;
  readonly maxParallelMaintenanceWorkers: number;
  /** 8 MB when left out. */
  readonly minParallelTableScanBytes?: number;
  /** The table's storage parameter `parallel_workers`; left out when it is not set. */
  readonly tableParallelWorkers?: number;
}

/**
 * Workers besides the leader that PostgreSQL plans for the build of an index: as for a scan of the table, but no more
 * than have 32 MB of `maintenance_work_mem` each. The table's own option overrules both.
 *
 * Source: PostgreSQL `planner.c` plan_create_index_workers; pgvector `ivfbuild.c` AssignTuples takes it as it is.
 */
export function plannedBuildWorkers(input: BuildWorkersInput): number {
  const { heapPages, maintenanceWorkMemBytes, maxParallelMaintenanceWorkers, tableParallelWorkers } = input;
  if (tableParallelWorkers !== undefined) return Math.min(tableParallelWorkers, maxParallelMaintenanceWorkers);
  const { minParallelTableScanBytes = 8 * MB } = input;
  const bySize = scanWorkers({ heapPages, minParallelTableScanBytes, atMost: maxParallelMaintenanceWorkers });
  return Math.max(0, Math.min(bySize, Math.floor(maintenanceWorkMemBytes / LEAST_BYTES_PER_PROCESS) - 1));
}

/**
 * Workers besides the leader of an HNSW build: where PostgreSQL plans any at all, as many as the table's option or the
 * server allow.
 *
 * Source: pgvector `hnswbuild.c` ComputeParallelWorkers.
 */
export const hnswBuildWorkers = (input: BuildWorkersInput): number =>
  plannedBuildWorkers(input) === 0
    ? 0
    : Math.min(input.tableParallelWorkers ?? Infinity, input.maxParallelMaintenanceWorkers);
