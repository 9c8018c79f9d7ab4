import type { ShardedPoint } from '../../results/index.js';
import type { Metric, IndexSpec, SearchSettings } from '../../vocabulary.js';
import type { Session, Settings, Workspace } from '../../postgres/index.js';
import type { QuerySet } from '../../query-set.js';
import type { WantedScan } from '../../measure/index.js';
import type { OpenShard } from './with-shards.js';

/** A way to ask all shards for the k nearest rows, with one setting. */
export interface Way {
  readonly name: ShardedPoint['way'];
  readonly settings: SearchSettings;
  /** To be called before a block of queries, untimed. */
  begin(): Promise<void>;
  /** Rows of a query, nearest first. */
  ask(query: number): Promise<readonly number[]>;
  /**
   * Looks at settings and plans of every shard, after it was asked this query.
   *
   * @throws {VoidPoint} where one is another
   */
  prove(query: number): Promise<void>;
}

/** A shard with the index under test. */
export interface IndexedShard extends OpenShard {
  readonly wanted: WantedScan;
}

export interface WayContext {
  /** On the run's own server. */
  readonly session: Session;
  readonly workspace: Workspace;
  readonly shards: readonly IndexedShard[];
  readonly spec: IndexSpec;
  readonly metric: Metric;
  readonly dimensions: number;
  readonly k: number;
  readonly queries: QuerySet;
}

/** A setting of the search, by both names. */
export interface WaySettings {
  readonly settings: SearchSettings;
  readonly gucs: Settings;
}
