import type { PlannerSettings } from '../indexes/index.js';
import type { PlannerFacts } from '../postgres/index.js';

/** The server's settings as the model of the planner takes them. */
export const plannerSettings = (settings: PlannerFacts['settings']): PlannerSettings => ({
  seqPageCost: settings.seq_page_cost,
  randomPageCost: settings.random_page_cost,
  cpuTupleCost: settings.cpu_tuple_cost,
  cpuIndexTupleCost: settings.cpu_index_tuple_cost,
  cpuOperatorCost: settings.cpu_operator_cost,
  parallelSetupCost: settings.parallel_setup_cost,
  parallelTupleCost: settings.parallel_tuple_cost,
  effectiveCacheSizeBytes: settings.effective_cache_size,
  minParallelTableScanBytes: settings.min_parallel_table_scan_size,
  maxParallelWorkersPerGather: settings.max_parallel_workers_per_gather,
});
