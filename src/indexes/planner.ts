import type { IndexParameters } from '../vocabulary.js';
import { PAGE_BYTES } from './page-layout.js';
import { scanWorkers } from './parallel-workers.js';

/** The server settings that decide between a vector index and a sequential scan, by PostgreSQL's names and units. */
export interface PlannerSettings {
  readonly seqPageCost: number;
  readonly randomPageCost: number;
  readonly cpuTupleCost: number;
  readonly cpuIndexTupleCost: number;
  readonly cpuOperatorCost: number;
  readonly parallelSetupCost: number;
  readonly parallelTupleCost: number;
  readonly effectiveCacheSizeBytes: number;
  readonly minParallelTableScanBytes: number;
  readonly maxParallelWorkersPerGather: number;
}

/** PostgreSQL's built-in values. */
export const PLANNER_DEFAULTS: PlannerSettings = {
  seqPageCost: 1,
  randomPageCost: 4,
  cpuTupleCost: 0.01,
  cpuIndexTupleCost: 0.005,
  cpuOperatorCost: 0.0025,
  parallelSetupCost: 1000,
  parallelTupleCost: 0.1,
  effectiveCacheSizeBytes: 4 * 1024 ** 3,
  minParallelTableScanBytes: 8 * 1024 ** 2,
  maxParallelWorkersPerGather: 2,
};

/** First version of the extension whose costs are those of this file. */
export const COST_MODEL_SINCE = '0.8.0';

/** Costs in the planner's unit, a sequential page read: until the first row, and until the last. */
export interface ScanCost {
  readonly startup: number;
  readonly total: number;
}

/** What the planner knows about an index and its table. */
export interface ScanCostInput {
  /** The planner's row estimate: `reltuples`, scaled to the current number of pages. */
  readonly rows: number;
  readonly indexPages: number;
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
  readonly parameters: IndexParameters;
  readonly settings: Readonly<Record<string, number | string>>;
  readonly costs: PlannerSettings;
}

/** All pages and all entries of the index. Source: PostgreSQL `selfuncs.c` genericcostestimate, without conditions. */
const wholeIndexCost = ({ rows, indexPages, costs }: ScanCostInput): number =>
  indexPages * costs.randomPageCost + rows * (costs.cpuIndexTupleCost + costs.cpuOperatorCost);

/**
 * The part of `total` that is spent before the first row, where `sequentialShare` of the pages already count as
 * sequential. When the index has more pages to read than the table, its vectors are taken to lie out of line, where
 * the rival sequential scan does not count them either: this is dropped at half the index, hence a cliff.
 */
function startupCost(input: ScanCostInput, total: number, ratio: number, sequentialShare: number): number {
  const { seqPageCost, randomPageCost } = input.costs;
  const pages = input.indexPages * ratio;
  if (pages <= input.heapPages || ratio >= 0.5) return total * ratio;
  const becomeSequential = (1 - sequentialShare) * pages * (randomPageCost - seqPageCost);
  return total * ratio - becomeSequential - (pages - input.heapPages) * seqPageCost;
}

/**
 * Rows that pgvector expects an HNSW scan to compare with the query:
 * `⌊ln N / ln m⌋·m + 2m·ef·S`, with `S = 0.55·ln N / (ln m · (1 + ln ef))`.
 *
 * Source: pgvector `hnsw.c` hnswcostestimate (0.8.0 and later).
 */
export function hnswVisitedRows(options: {
  readonly rows: number;
  readonly m: number;
  readonly efSearch: number;
}): number {
  const { rows, m, efSearch } = options;
  const entryLevel = Math.floor(Math.log(rows) * (1 / Math.log(m)));
  const unseenShare = (0.55 * Math.log(rows)) / (Math.log(m) * (1 + Math.log(efSearch)));
  return entryLevel * m + 2 * m * efSearch * unseenShare;
}

/** Source: pgvector `hnsw.c` hnswcostestimate (0.8.0 and later; before, ef_search was not in the cost). */
export function hnswScanCost(input: ScanCostInput & { readonly m: number; readonly efSearch: number }): ScanCost {
  const total = wholeIndexCost(input);
  const ratio = input.rows > 0 ? Math.min(1, hnswVisitedRows(input) / input.rows) : 1;
  return { startup: startupCost(input, total, ratio, 0), total };
}

/** Source: pgvector `ivfflat.c` ivfflatcostestimate (0.8.0 and later). */
export function ivfflatScanCost(input: ScanCostInput & { readonly lists: number; readonly probes: number }): ScanCost {
  const { seqPageCost, randomPageCost } = input.costs;
  const sequentialShare = 0.5;
  const total = wholeIndexCost(input) - sequentialShare * input.indexPages * (randomPageCost - seqPageCost);
  const ratio = Math.min(1, input.probes / input.lists);
  return { startup: startupCost(input, total, ratio, sequentialShare), total };
}

/** The query whose plan is asked for: `SELECT … WHERE filter ORDER BY column <-> $1 LIMIT k`. */
export interface PlanInput {
  readonly rows: number;
  /** Pages of the table without its TOAST table. */
  readonly heapPages: number;
  readonly indexPages: number;
  readonly k: number;
  /** Share of rows that the planner expects to pass the filter, in (0, 1]; 1 when there is none. */
  readonly selectivity?: number;
  /** Operators and functions evaluated for each row by the filter. */
  readonly filterOperators?: number;
  /** Those of the ORDER BY expression; see {@link orderByOperators}. */
  readonly orderByOperators: number;
  readonly costs: PlannerSettings;
}

/** What the planner compares, and what it takes. */
export interface PlanPrediction {
  readonly plan: 'index' | 'sequential' | 'parallel sequential';
  /** The index scan as EXPLAIN prints its node. */
  readonly index: ScanCost;
  /** The whole query with its LIMIT, one for each way; null when the table is too small for parallel workers. */
  readonly limit: {
    readonly index: ScanCost;
    readonly sequential: ScanCost;
    readonly parallelSequential: ScanCost | null;
  };
}

/**
 * Pages that fetching `rows` rows in random order reads. Source: PostgreSQL `costsize.c` index_pages_fetched (Mackert and
 * Lohman).
 */
function heapPagesFetched(rows: number, heapPages: number, indexPages: number, cacheBytes: number): number {
  const pages = Math.max(1, heapPages);
  const cached = Math.max(1, Math.ceil(((cacheBytes / PAGE_BYTES) * pages) / (pages + indexPages)));
  const fetched = (2 * pages * rows) / (2 * pages + rows);
  if (pages <= cached) return fetched >= pages ? pages : Math.ceil(fetched);
  const limit = (2 * pages * cached) / (2 * pages - cached);
  return Math.ceil(rows <= limit ? fetched : cached + ((rows - limit) * (pages - cached)) / pages);
}

/** The part of a node's cost that LIMIT waits for. Source: PostgreSQL `pathnode.c` adjust_limit_rows_costs. */
function limited(node: ScanCost, rows: number, k: number): ScanCost {
  const share = Math.min(1, k / Math.max(1, rows));
  return { startup: node.startup, total: node.startup + (node.total - node.startup) * share };
}

/**
 * True when the planner keeps `a` rather than `b`: less in total by more than 1 %, or else sooner to start by that.
 *
 * Source: PostgreSQL `pathnode.c` add_path, compare_path_costs_fuzzily.
 */
function isCheaper(a: ScanCost, b: ScanCost): boolean {
  const fuzz = 1.01;
  if (a.total > b.total * fuzz) return false;
  return b.total > a.total * fuzz || a.startup <= b.startup * fuzz;
}

/** The index scan with its visits to the table. Source: PostgreSQL `costsize.c` cost_index, correlation 0. */
export function indexScanNodeCost(scan: ScanCost, input: PlanInput): ScanCost {
  const { rows, heapPages, indexPages, selectivity = 1, filterOperators = 0, orderByOperators, costs } = input;
  const fetched = heapPagesFetched(rows, heapPages, indexPages, costs.effectiveCacheSizeBytes);
  const perRow = costs.cpuTupleCost + filterOperators * costs.cpuOperatorCost;
  const output = selectivity * rows * orderByOperators * costs.cpuOperatorCost;
  return { startup: scan.startup, total: scan.total + fetched * costs.randomPageCost + rows * perRow + output };
}

/** Source: PostgreSQL `costsize.c` cost_sort, cost_tuplesort: a bounded heap when LIMIT keeps under half of the rows. */
function sortCost(input: ScanCost, rows: number, k: number, costs: PlannerSettings): ScanCost {
  const sorted = Math.max(2, rows);
  const kept = sorted > 2 * k ? 2 * k : sorted;
  const startup = input.total + 2 * costs.cpuOperatorCost * sorted * Math.log2(kept);
  return { startup, total: startup + costs.cpuOperatorCost * sorted };
}

function sequentialCost(input: PlanInput, divisor: number): ScanCost {
  const { rows, heapPages, selectivity = 1, filterOperators = 0, orderByOperators, costs } = input;
  const perRow = costs.cpuTupleCost + filterOperators * costs.cpuOperatorCost;
  const output = selectivity * rows * orderByOperators * costs.cpuOperatorCost;
  return { startup: 0, total: heapPages * costs.seqPageCost + (rows * perRow + output) / divisor };
}

/** Source: PostgreSQL `costsize.c` cost_gather_merge, get_parallel_divisor. */
function parallelLimitCost(input: PlanInput): ScanCost | null {
  const { minParallelTableScanBytes, maxParallelWorkersPerGather: atMost } = input.costs;
  const workers = scanWorkers({ heapPages: input.heapPages, minParallelTableScanBytes, atMost });
  if (workers === 0) return null;
  const { rows, selectivity = 1, k, costs } = input;
  const divisor = workers + Math.max(0, 1 - 0.3 * workers);
  const partial = sortCost(sequentialCost(input, divisor), (rows * selectivity) / divisor, k, costs);
  const output = rows * selectivity;
  const comparison = 2 * costs.cpuOperatorCost * Math.log2(workers + 1);
  const startup = partial.startup + comparison * (workers + 1) + costs.parallelSetupCost;
  const perRow = comparison + costs.cpuOperatorCost + 1.05 * costs.parallelTupleCost;
  const run = partial.total - partial.startup + output * perRow;
  return limited({ startup, total: startup + run }, output, k);
}

/**
 * Which plan PostgreSQL takes for the k nearest rows when this index and a scan of the whole table are its choices. An
 * index on the filter's own column is not among them.
 *
 * @param scan the index's own cost, from {@link hnswScanCost} or {@link ivfflatScanCost}
 */
export function predictPlan(scan: ScanCost, input: PlanInput): PlanPrediction {
  const { rows, selectivity = 1, k, costs } = input;
  const node = indexScanNodeCost(scan, input);
  const output = rows * selectivity;
  const index = limited(node, output, k);
  const sequential = limited(sortCost(sequentialCost(input, 1), output, k, costs), output, k);
  const parallelSequential = parallelLimitCost(input);
  const parallelWins = parallelSequential !== null && isCheaper(parallelSequential, sequential);
  const exact = parallelWins ? parallelSequential : sequential;
  const exactPlan = parallelWins ? 'parallel sequential' : 'sequential';
  const limit = { index, sequential, parallelSequential };
  return { plan: isCheaper(index, exact) ? 'index' : exactPlan, index: node, limit };
}

/** A stretch of values of a search knob over which the planner's choice stays the same. */
export interface PlanStretch {
  readonly from: number;
  readonly to: number;
  readonly plan: PlanPrediction['plan'];
}

/**
 * Where the planner changes its mind as a search knob grows. It need not do so once: ef_search 40 may use the index,
 * 100 the table, 200 the index again and 400 the table.
 *
 * @param planAt the plan at one whole value of the knob
 */
export function planStretches(
  range: { readonly from: number; readonly to: number },
  planAt: (value: number) => PlanPrediction['plan'],
): readonly PlanStretch[] {
  const stretches: { from: number; to: number; plan: PlanPrediction['plan'] }[] = [];
  for (let value = range.from; value <= range.to; value++) {
    const plan = planAt(value);
    const last = stretches.at(-1);
    if (last?.plan === plan) last.to = value;
    else stretches.push({ from: value, to: value, plan });
  }
  return stretches;
}
