/** The machine that a build runs on; a number that is absent is not known. */
export interface BuildMachine {
  readonly memoryBytes?: number;
  readonly cores?: number;
}

/** Settings to build an index with. */
export interface BuildAdvice {
  /** That keeps the whole build in memory, rounded up to 64 MB. */
  readonly maintenanceWorkMemBytes: number;
  /** Whether the machine has so much beside PostgreSQL's buffers; null when its memory is not known. */
  readonly fitsMachine: boolean | null;
  /** What the machine can spare for each build; null when its memory is not known. */
  readonly spareBytes: number | null;
  /** `max_parallel_maintenance_workers`; null when the cores are not known. */
  readonly workers: number | null;
}

const STEP_BYTES = 64 * 1024 ** 2;
/** Share of the memory left for builds beside shared_buffers (a quarter, as PostgreSQL's manual says) and the rest. */
const SPARE_SHARE = 0.6;
/** PostgreSQL's own limit. Source: `guc_tables.c` MAX_KILOBYTES. */
const MOST_BYTES = 2_147_483_647 * 1024;

/**
 * The lowest `maintenance_work_mem` that keeps a build in memory, and a worker for every core but the leader's. One
 * HNSW graph is shared by all workers, so memory does not grow with them.
 */
export function recommendBuild(options: {
  readonly neededBytes: number;
  readonly machine: BuildMachine;
  readonly concurrentBuilds: number;
  /** False for versions of pgvector whose parallel builds can overflow a buffer. */
  readonly isParallelSafe: boolean;
}): BuildAdvice {
  const { neededBytes, machine, concurrentBuilds, isParallelSafe } = options;
  const wanted = Math.min(MOST_BYTES, Math.max(STEP_BYTES, STEP_BYTES * Math.ceil(neededBytes / STEP_BYTES)));
  const spareBytes =
    machine.memoryBytes === undefined ? null : Math.floor((SPARE_SHARE * machine.memoryBytes) / concurrentBuilds);
  return {
    maintenanceWorkMemBytes: wanted,
    fitsMachine: spareBytes === null ? null : wanted <= spareBytes && neededBytes <= MOST_BYTES,
    spareBytes,
    workers: isParallelSafe ? spareCores(machine.cores, concurrentBuilds) : 0,
  };
}

const spareCores = (cores: number | undefined, builds: number): number | null =>
  cores === undefined ? null : Math.max(0, Math.floor(cores / builds) - 1);
