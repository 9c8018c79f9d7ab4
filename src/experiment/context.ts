import type { Dataset } from '../datasets/index.js';
import type { Truth } from '../exact/index.js';
import type { Clock } from '../measure/index.js';
import type { Capabilities, Workspace } from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import type { QuerySet } from '../query-set.js';
import type { Journal } from '../results/index.js';
import type { Layout, Metric } from '../vocabulary.js';
import type { PreparedFilter } from './filtered/task.js';
import type { PreparedHybrid } from './hybrid/prepare.js';
import type { OpenShard } from './sharded/with-shards.js';
import type { LastingSession } from './lasting-session.js';
import type { Instruments } from './points/instruments.js';

/** What a run measures on and with: a server with the loaded dataset, and the exact answers to the run's queries. */
export interface RunContext {
  readonly session: LastingSession;
  /** A second session to watch the progress of builds through; null where the server has only one. */
  readonly watcher: LastingSession | null;
  readonly workspace: Workspace;
  readonly capabilities: Capabilities;
  readonly instruments: Instruments;
  /** Version of the extension. */
  readonly pgvector: string;

  readonly dataset: Dataset;
  readonly dimensions: number;
  readonly metric: Metric;
  /** What the table is made of, and each of its subsets. */
  readonly layout: Layout;
  /** The queries that the run asks, in its random order. */
  readonly queries: QuerySet;
  /** Exact neighbours of these queries in the whole table. */
  readonly truth: Truth;
  /** Filters that points may ask for; none when there are no filtered workloads. */
  readonly filters: readonly PreparedFilter[];
  /** Hybrid workloads that points may ask for. */
  readonly hybrids: readonly PreparedHybrid[];

  /** The servers that hold the rows, of a sharded layout; none of any other. */
  readonly shards: readonly OpenShard[];

  /** Bound on maintenance_work_mem, bytes; undefined leaves the server's own value. */
  readonly buildMemoryBytes: number | undefined;
  /** Timed round trips of a `confirm` point, at least. */
  readonly samples: number;
  readonly seed: number;

  readonly journal: Journal;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly reporter: Reporter;
  now(): Date;
}
