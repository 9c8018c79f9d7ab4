import type { ColumnIndexSpec, IndexSpec, Metric, SearchSettings, TextSpec, Workload } from './vocabulary.js';

/** What a count counts. `share` runs from 0 to 1. */
export type ProgressUnit = 'rows' | 'queries' | 'share';

/** One piece of work that takes a while. */
export interface Task {
  update(done: number): void;
  finish(): void;
}

/**
 * Where long work tells how far it is. The command line draws it; a library user may ignore it. Both are told facts:
 * their sentences are `stages` and `notes` in the texts of a language.
 */
export interface Reporter {
  start(stage: Stage, total: number, unit: ProgressUnit): Task;
  /** Something worth telling people about what is being done and why. */
  note(note: Note): void;
  /** Where a search is, before something is measured there. A search that is resumed says so once it measures again. */
  moveTo?(outlook: Outlook): void;
}

/** Tells nobody. */
export const silentReporter: Reporter = {
  start: () => ({ update: () => undefined, finish: () => undefined }),
  note: () => undefined,
};

/** What is being done. */
export type Stage = FactOf<Stages>;
/** What people should know about it. */
export type Note = FactOf<ImportNotes & ServerNotes & RunNotes>;
export type ImportNote = FactOf<ImportNotes>;

/** What a search will cost, before it builds anything on all rows. */
export interface CostAhead {
  /** Of the table. */
  readonly rows: number;
  /** That the whole search will probably take. */
  readonly seconds: number;
  /** The first graph on all rows, which others are compared with. */
  readonly graph: { readonly spec: IndexSpec; readonly seconds: number; readonly bytes: number };
  /** Rows of the graph that was built here to see how long one takes; null: the rate is that of other machines. */
  readonly seenRows: number | null;
  readonly tableBytes: number;
  /** Indexes on all rows that may exist at once. */
  readonly indexes: number;
  /** What the graph wants of `maintenance_work_mem`, and what it has; null where no server is known. */
  readonly memory: { readonly neededBytes: number; readonly availableBytes: number | null };
  /** Share of the rows that are inserted after the graph outgrew its memory; the time knows nothing of that. */
  readonly spilledShare: number;
  /** What a choice on so many rows would take; null where that would not help. */
  readonly onSubset: { readonly rows: number; readonly seconds: number } | null;
}

/** How far a search is. */
export interface Outlook {
  readonly at: Place;
  /** Seconds that the run is expected to go on for; null: nobody can say. */
  readonly expectedSeconds: number | null;
}

/** A part of a search. */
export type Place = FactOf<Places>;

type FactOf<All> = { readonly [Code in keyof All]: { readonly code: Code; readonly data: All[Code] } }[keyof All];
type None = Readonly<Record<string, never>>;

/** The data of each stage, by its code. */
interface Stages {
  readonly 'read-dataset': None;
  readonly 'verify-dataset': None;
  readonly 'write-dataset': None;
  /** Exact neighbours of the queries among all rows. */
  readonly 'exact-neighbours': None;
  /** Filters are drawn, and exact neighbours found among their rows. */
  readonly filters: None;
  readonly 'load-table': None;
  readonly 'copy-to-partitions': None;
  /** `parts`: how many indexes, where each has a part of the rows; null for one on all. */
  readonly 'build-index': { readonly index: IndexOfBuild; readonly parts: number | null };
  /** More than one: interleaved. */
  readonly 'measure-points': { readonly points: readonly PointStage[] };
  readonly 'measure-throughput': { readonly spec: IndexSpec; readonly load: LoadStage };
  readonly 'measure-writes': None;
  /** Both ways to ask the shards that have this index. */
  readonly 'measure-shards': { readonly spec: IndexSpec; readonly shards: number };
  readonly 'match-texts': { readonly texts: number; readonly text: TextSpec };
  readonly 'rank-by-bm25': None;
  readonly 'compare-fusions': None;
  /** `round` counts from 1. */
  readonly 'change-rows': { readonly round: number; readonly rounds: number };
  readonly vacuum: None;
  readonly reindex: { readonly concurrently: boolean };
  readonly 'read-live-table': None;
  readonly 'read-log': None;
  readonly 'time-live-index': None;
  readonly 'compare-with-exact-scans': None;
  readonly 'measure-statement': None;
  readonly 'copy-table': { readonly table: string };
  readonly 'load-copy': { readonly table: string };
}

/** The data of each part of a search, by its code. `number` counts from 1. */
interface Places {
  readonly plain: { readonly step: PlainStep };
  /** A strategy for a filter; null while the best of them are measured side by side. */
  readonly filtered: Cell & {
    /** Null for a place on the grid. */
    readonly name: string | null;
    readonly cell: { readonly selectivity: number; readonly correlation: number } | null;
    readonly strategy: { readonly name: string; readonly spec: IndexSpec } | null;
  };
  /** A strategy for hybrid queries; null while something is done for all of them. */
  readonly hybrid: Cell & { readonly strategy: { readonly name: string; readonly spec: IndexSpec } | null };
  readonly configuration: None;
}

/** One of several. */
interface Cell {
  readonly number: number;
  readonly of: number;
}

/** In the order in which plain queries are tuned. */
export const PLAIN_STEPS = ['exact', 'control', 'subset', 'whole', 'recall', 'compare', 'finish'] as const;
export type PlainStep = (typeof PLAIN_STEPS)[number];

export type IndexOfBuild =
  /** `rows`: of the random subset that it is built on; null for the whole table. */
  | { readonly kind: 'vector'; readonly spec: IndexSpec; readonly rows: number | null }
  | { readonly kind: 'column'; readonly spec: ColumnIndexSpec }
  | { readonly kind: 'text'; readonly spec: TextSpec };

interface PointStage {
  readonly spec: IndexSpec;
  /** Size of the random subset; null for the whole table. */
  readonly rows: number | null;
  readonly workload: Workload;
  readonly settings: SearchSettings;
}

type LoadStage =
  | { readonly kind: 'closed'; readonly concurrency: number }
  | { readonly kind: 'open'; readonly ratePerSecond: number };

/** The data of what an import that went well has to say, by its code. */
interface ImportNotes {
  /** Rows (or queries) that nobody could use, left out as was asked. */
  readonly 'rows-left-out': LeftOut;
  /** Declared neighbours count rows from 1; they were taken to mean the rows from 0. */
  readonly 'neighbours-from-one': None;
  /** Declared neighbours were not kept: that many of them are rows that there are not. */
  readonly 'neighbours-of-more-rows': { readonly unknown: number; readonly of: number };
  /** Declared neighbours were not kept, because the numbers of the rows changed. */
  readonly 'neighbours-of-left-out': None;
  /** Files of the source that were not read: neighbours for filtered queries, which are computed for each filter. */
  readonly 'files-ignored': { readonly files: readonly string[] };
}

export interface LeftOut {
  readonly table: 'base' | 'queries';
  /** Without a vector. */
  readonly missing: number;
  /** With NaN, or a number larger than float32 can hold. */
  readonly notFinite: number;
  /** Zero vectors, where the metric needs a direction. */
  readonly zero: number;
  /** Ids of the first of them, or their numbers where they have none. */
  readonly first: readonly (string | number)[];
}

/** Of the server that is opened: which it is, and why. */
interface ServerNotes {
  /** PostgreSQL with pgvector is installed in this folder. */
  readonly 'chose-local': { readonly folder: string };
  readonly 'chose-container': None;
  readonly 'chose-embedded': None;
  readonly 'starting-local': { readonly postgresql: string; readonly pgvector: string; readonly folder: string };
  /** The cluster of a run that was interrupted: started again, or no longer to be had whole. */
  readonly 'kept-server-found': { readonly folder: string };
  readonly 'kept-server-lost': { readonly folder: string };
  readonly 'starting-container': { readonly image: string };
  /** Parameters of the connection URL that mean nothing here. */
  readonly 'url-parameters-ignored': { readonly names: readonly string[] };
  readonly connected: { readonly server: string; readonly encrypted: boolean };
}

interface RunNotes {
  /** The neighbours that a dataset declares are not the nearest rows by `metric`, but those by `cause`, where that is known. */
  readonly 'declared-neighbours-refuted': {
    readonly dataset: string;
    readonly metric: Metric;
    readonly cause: Metric | 'from-one' | null;
  };
  /** The texts are in another language than they are searched in; null: only their script is known. */
  readonly 'other-language': {
    readonly searchedAs: string;
    readonly language: string | null;
    readonly script: string | null;
  };
  /** There is no time to prepare them. */
  readonly 'filters-left-out': { readonly filters: number; readonly of: number };
  readonly 'recall-queries-left-out': { readonly queries: number; readonly of: number };
  readonly 'preparation-over-budget': { readonly seconds: number; readonly budgetSeconds: number };
  readonly 'run-reused': { readonly run: string };
  readonly 'cost-ahead': CostAhead;
  readonly 'connection-lost': None;
  readonly 'index-built-again': { readonly index: IndexOfBuild; readonly because: WhyBuiltAgain };
  /** The scratch schema of a run that did not end. */
  readonly 'schema-kept': { readonly schema: string; readonly run: string };
  /** The cluster of a run that did not end. */
  readonly 'server-kept': { readonly folder: string };
  /** What an interrupted run has of each index and strategy; `more`: others that are not named. */
  readonly 'measured-so-far': { readonly cells: readonly MeasuredCell[]; readonly more: number };
  readonly 'run-kept': { readonly command: string; readonly run: string };
  /** A run that cannot be read, among others that can. */
  readonly 'run-left-out': { readonly run: string; readonly message: string };
  readonly 'no-datasets': { readonly folder: string };
  /** Indexes of a live database that are tuned on samples of their tables, before the first. */
  readonly 'tuning-ahead': { readonly indexes: number; readonly sampleRows: number; readonly seconds: number };
  readonly 'tuning-index': { readonly index: string; readonly number: number; readonly of: number };
  readonly 'index-not-tuned': { readonly index: string; readonly message: string };
  /** What the exact side of a recall on a live table costs: `answers` are compared with each scan. */
  readonly 'exact-scans-ahead': {
    readonly exactScans: number;
    readonly tableBytes: number;
    readonly expectedMs: number;
    readonly answers: number;
  };
}

/** An index and strategy with the figures of one point. */
export interface MeasuredCell {
  readonly spec: IndexSpec;
  readonly settings: SearchSettings;
  /** How a filter is called, and the strategy for it; null for plain queries. */
  readonly filter: string | null;
  readonly strategy: string | null;
  readonly recall: number;
  /** Null where there were too few queries. */
  readonly medianMs: number | null;
}

export type WhyBuiltAgain = 'index-missing' | 'index-invalid' | 'index-replaced' | 'index-options-changed';
