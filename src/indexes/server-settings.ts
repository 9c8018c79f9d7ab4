import { parseBytes } from '../units.js';
import { isOlder } from './defects.js';
import { COST_MODEL_SINCE, PLANNER_DEFAULTS, type PlannerSettings } from './planner.js';

/** Settings by PostgreSQL's names, as a server prints them: `4GB`, `1.1`. */
type ServerSettings = Readonly<Record<string, string>>;

/** Of a `server_version_num`: 150018 is 15. */
export const majorVersion = (versionNumber: number): number => Math.floor(versionNumber / 10_000);

/** Settings of a server that decide how an index is built. */
export interface BuildSettings {
  readonly maintenanceWorkMemBytes: number;
  readonly maxParallelMaintenanceWorkers: number;
  /** Major version of PostgreSQL. */
  readonly pgVersion: number;
  /** Version of the extension; null where it is not installed, or not known. */
  readonly pgvector: string | null;
}

/** What of a server decides, before anything is built, whether an index can be built and will be taken. */
export interface ServerLimits {
  /** Major version of PostgreSQL. */
  readonly pgVersion: number;
  readonly maintenanceWorkMemBytes: number;
  /** Null where the planner's model does not hold: before pgvector 0.8.0. */
  readonly costs: PlannerSettings | null;
}

/** A setting that is not named has PostgreSQL's own value. */
export const serverLimits = ({
  settings,
  pgvector,
  versionNumber,
}: {
  readonly settings: ServerSettings;
  readonly pgvector: string;
  /** As `server_version_num`. */
  readonly versionNumber: number;
}): ServerLimits => ({
  pgVersion: majorVersion(versionNumber),
  maintenanceWorkMemBytes: sizeOf(settings['maintenance_work_mem'] ?? '64MB'),
  costs: isOlder(pgvector, COST_MODEL_SINCE) ? null : plannerSettings(settings),
});

const plannerSettings = (settings: ServerSettings): PlannerSettings => ({
  ...PLANNER_DEFAULTS,
  ...named(NUMBERS, settings, Number),
  ...named(SIZES, settings, sizeOf),
});

const NUMBERS = {
  seqPageCost: 'seq_page_cost',
  randomPageCost: 'random_page_cost',
  cpuTupleCost: 'cpu_tuple_cost',
  cpuIndexTupleCost: 'cpu_index_tuple_cost',
  cpuOperatorCost: 'cpu_operator_cost',
  parallelSetupCost: 'parallel_setup_cost',
  parallelTupleCost: 'parallel_tuple_cost',
  maxParallelWorkersPerGather: 'max_parallel_workers_per_gather',
} as const;
const SIZES = {
  effectiveCacheSizeBytes: 'effective_cache_size',
  minParallelTableScanBytes: 'min_parallel_table_scan_size',
} as const;

/** Zero is printed without a unit. */
const sizeOf = (text: string): number => (text === '0' ? 0 : parseBytes(text));

const named = (
  names: Readonly<Record<string, string>>,
  settings: ServerSettings,
  parse: (text: string) => number,
): Partial<PlannerSettings> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([key, name]) => {
      const text = settings[name];
      return text === undefined ? [] : [[key, parse(text)]];
    }),
  );
