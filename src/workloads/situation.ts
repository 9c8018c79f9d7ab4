import type { HybridRemark, Omission } from '../results/index.js';
import type { Filter, Join } from '../filter.js';
import type { Returned } from '../returns.js';
import type { FilterShortfall } from '../results/index.js';
import type { UnstorableNumber } from '../indexes/index.js';
import type { Metric } from '../vocabulary.js';
import type { FilteredQuestion, FilterMeasure } from './filtered/index.js';
import type { HybridQuestion } from './hybrid/index.js';

/** What is known of a run before a server is started. */
export interface Shape {
  readonly rows: number;
  readonly dimensions: number;
  readonly metric: Metric;
  /** Queries that a timed point rests on: the first of the run. */
  readonly queries: number;
  /** A number among rows and queries that `halfvec` cannot hold; absent when there is none. */
  readonly beyondHalf?: UnstorableNumber | undefined;
  /** Queries that may show a recall, no fewer. */
  readonly recallQueries: number;
}

/** What is known before anything is done on a server. */
export interface ServedShape extends Shape {
  /** Version of the extension. */
  readonly pgvector: string;
  /** Versions of all extensions of the database, by their names; absent where nobody asked. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** Clients that a load can have on that server. */
  readonly sessions: number;
}

/** A filter to find a strategy for, made concrete for the run's queries. */
export interface FilteredCase {
  /** Number of the filtered workload in the configuration. */
  readonly workload: number;
  /** As the user calls it; null for a cell of the grid. */
  readonly name: string | null;
  readonly filter: Filter;
  readonly join: Join | null;
  readonly returns?: Returned | undefined;
  /** Where it is on the grid, as asked; null for one that the user named. */
  readonly cell: { readonly selectivity: number; readonly correlation: number } | null;
  readonly question: FilteredQuestion;
  readonly measure: FilterMeasure;
  /** What the data could not give. */
  readonly shortfalls: readonly FilterShortfall[];
}

/** A hybrid workload with one way to search the text, made concrete for the run's queries. */
export interface HybridCase {
  /** Number of the hybrid workload in the configuration. */
  readonly workload: number;
  readonly question: HybridQuestion;
  /** Queries with a relevant row; null where nobody judged. */
  readonly judged: number | null;
  /** A re-ranker's scores were given. */
  readonly hasRerankScores: boolean;
  readonly remarks: readonly HybridRemark[];
}

/** A run whose time is bounded, when its search begins. */
export interface Begun {
  readonly spentSeconds: number;
  /** What there was no time to prepare. */
  readonly omissions: readonly Omission[];
}

/** What a search needs to know before its first question. */
export interface Situation extends ServedShape {
  /** The server's settings that decide plans and builds, and those that somebody changed, as it prints them. */
  readonly settings: Readonly<Record<string, string>>;
  /** As `server_version_num`: 150018 is 15.18. */
  readonly versionNumber: number;
  /** Table and index up to this size can be put out of the caches before a query in reasonable time. */
  readonly coldBytes: number;
  /** What came before the search, where the time of the run is bounded. */
  readonly begun?: Begun | undefined;
  readonly filtered: readonly FilteredCase[];
  readonly hybrid: readonly HybridCase[];
}
