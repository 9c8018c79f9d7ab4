import { z } from 'zod';
import { filterSchema, joinSchema } from './filter.js';
import { returnedSchema } from './returns.js';

/*
 * The words that every folder shares. Each schema is the type, the validator and the documentation of its word.
 */

/** How two vectors are compared; smaller is nearer for all of them. `ip` is the negative inner product, as in pgvector. */
export const metricSchema = z.enum(['l2', 'ip', 'cosine', 'l1', 'hamming', 'jaccard']);
export type Metric = z.infer<typeof metricSchema>;

/** Metrics of bits: the column is a `bit(n)`, with one where a value is above zero, as `binary_quantize` makes it. */
export const comparesBits = (metric: Metric): boolean => metric === 'hamming' || metric === 'jaccard';

/**
 * What the index stores: the column as it is, half precision, one bit a dimension, or the first dimensions alone. Of the
 * last two the rows that the index gives are candidates, re-ranked from the column.
 */
export const representationSchema = z.enum(['vector', 'halfvec', 'bit', 'subvector']);
export type Representation = z.infer<typeof representationSchema>;

/** Access method, representation and build parameters: everything that a rebuild is needed to change. */
export const indexSpecSchema = z.strictObject({
  /** A name in the registry of `indexes/`: `hnsw`, `ivfflat` …, or `none` for the exact scan. */
  method: z.string(),
  representation: representationSchema,
  /** Of a subvector, how many: the first ones of the column's. Absent for other representations, which keep all. */
  dimensions: z.number().int().min(1).optional(),
  /** By the extension's own names: `m` and `ef_construction`, or `lists`. A list of numbers is text: `[10, 1000]`. */
  parameters: z.record(z.string(), z.union([z.number(), z.string()])),
});
export type IndexSpec = z.infer<typeof indexSpecSchema>;
export type IndexParameters = Readonly<IndexSpec['parameters']>;

/** The part of a spec that says what is stored. */
export type Stored = Pick<IndexSpec, 'representation' | 'dimensions'>;

/** An index on a column beside the vectors: it finds the rows that a filter leaves, which are then sorted exactly. */
export const columnIndexSpecSchema = z.strictObject({
  method: z.enum(['btree', 'gin', 'brin']),
  /** Unquoted. */
  table: z.string(),
  /** Unquoted; in the order of the index. */
  columns: z.array(z.string()).min(1),
});
export type ColumnIndexSpec = z.infer<typeof columnIndexSpecSchema>;

/** The most partitions that a table is divided into here: each is searched by every query. */
export const MOST_PARTITIONS = 64;

/** The most servers that rows are divided among here. */
export const MOST_SHARDS = 16;

/** What the table of a run is made of. */
export const layoutSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('single') }),
  /** Partitions by the hash of the id, each with an index of its own. */
  z.strictObject({ kind: z.literal('partitioned'), partitions: z.number().int().min(2).max(MOST_PARTITIONS) }),
  /** Tables on so many servers, by the id modulo their number. */
  z.strictObject({ kind: z.literal('sharded'), shards: z.number().int().min(1).max(MOST_SHARDS) }),
]);
export type Layout = z.infer<typeof layoutSchema>;

/** What a table is unless somebody divides it. */
export const SINGLE_TABLE: Layout = { kind: 'single' };

/** Where the vector index of a spec is put when it is not one over the whole table. Constants are SQL text, quoted. */
export const placementSchema = z.discriminatedUnion('kind', [
  /** An index over the rows of each predicate. */
  z.strictObject({ kind: z.literal('partial'), predicates: z.array(z.string()).min(1) }),
  /** An index on each partition of a copy of the table: one for each value, and one for all others. */
  z.strictObject({ kind: z.literal('list'), column: z.string(), values: z.array(z.string()).min(1) }),
  /** The same, with a partition for the values from each bound to before the next, and one on each side. */
  z.strictObject({ kind: z.literal('range'), column: z.string(), bounds: z.array(z.string()).min(1) }),
  /** The same, with the values dealt to so many partitions by their hash. */
  z.strictObject({ kind: z.literal('hash'), column: z.string(), partitions: z.number().int().min(2) }),
]);
export type Placement = z.infer<typeof placementSchema>;

/** How text is searched: what is built on it, and in which language it is read. */
export const textSpecSchema = z.strictObject({
  /** A name in the registry of text legs in `workloads/`: `tsvector`, `trigram`, `trigram-match` or `bm25`. */
  method: z.string(),
  /** A text search configuration of the server: `english`, `russian`, `simple` … Trigrams have no use for it. */
  language: z.string(),
});
export type TextSpec = z.infer<typeof textSpecSchema>;

/** Everything that changes a query's answer without a rebuild, by pgvector's names without prefix: `ef_search`, `probes`. */
export const searchSettingsSchema = z.record(z.string(), z.union([z.number(), z.string()]));
export type SearchSettings = z.infer<typeof searchSettingsSchema>;

/** The shape of the query that is asked. */
export const workloadSchema = z.discriminatedUnion('kind', [
  /** The k nearest rows to a query vector, nothing else. */
  z.strictObject({
    kind: z.literal('plain'),
    k: z.number().int().min(1),
    /** An exact scan in a form that no index can serve. */
    protected: z.literal(true).optional(),
  }),
  /** The k nearest among the rows that the query's filter leaves. */
  z.strictObject({
    kind: z.literal('filtered'),
    k: z.number().int().min(1),
    /** As asked: what is drawn for each query is drawn anew from the run's seed, always the same. */
    filter: filterSchema,
    join: joinSchema.nullable(),
    /** What of the nearest rows is returned; absent: the k nearest. */
    returns: returnedSchema.optional(),
    /** A name in the registry of filtered strategies in `workloads/`. */
    strategy: z.string(),
    /** For strategies that choose by the number of matching rows: fewer than this are sorted exactly. */
    exactBelowRows: z.number().int().min(1).optional(),
    /** Scans of the whole table were forbidden, because the planner would choose one: no natural plan. */
    forced: z.literal(true).optional(),
    /** In the form of the strategy in which no other index can take the query over. */
    protected: z.literal(true).optional(),
  }),
  /** The k best rows for the query's vector and its text. The fusion's weights and depths are search settings. */
  z.strictObject({
    kind: z.literal('hybrid'),
    k: z.number().int().min(1),
    text: textSpecSchema,
    /** A name in the registry of hybrid strategies in `workloads/`. */
    strategy: z.string(),
    /** The rows that count; absent: all. */
    filter: filterSchema.optional(),
    /** In the form of the strategy in which no other index can take its vector leg over. */
    protected: z.literal(true).optional(),
  }),
]);
export type Workload = z.infer<typeof workloadSchema>;

/**
 * In which state the caches are while a point is measured. `warm`: as in steady service, everything that the queries
 * touch is in shared_buffers. `prewarmed`: pg_prewarm read in every page of table and index, and no warm-up followed.
 * `cold`: table and index are in no shared buffer when a query begins; the operating system may hold them.
 */
export const cacheStateSchema = z.enum(['warm', 'prewarmed', 'cold']);
export type CacheState = z.infer<typeof cacheStateSchema>;

/** A bound on a quantile of latency, counted from the time a request was due: `p99<=50ms`. */
export const objectiveSchema = z.strictObject({
  /** One of those that records hold: 0.5, 0.9, 0.95, 0.99, 0.999. */
  quantile: z.number().gt(0).lt(1),
  ms: z.number().positive(),
});
export type Objective = z.infer<typeof objectiveSchema>;

/** What the user asks for. A bound that is absent is not asked for. */
export const targetSchema = z.strictObject({
  /** Mean recall over the workload's queries, in (0, 1]. */
  recall: z.number().gt(0).max(1),
  /** One-sided confidence with which the recall has to be shown; former versions asked for the end of a 95 % interval. */
  confidence: z.number().gt(0.5).lt(1).default(0.975),
  p95Ms: z.number().positive().optional(),
  indexBytes: z.number().positive().optional(),
  buildMemoryBytes: z.number().positive().optional(),
  buildSeconds: z.number().positive().optional(),
  /** Queries that the table is asked a day: whether a build pays. */
  queriesPerDay: z.number().int().positive().optional(),
  /** What is minimised among all that meet the bounds. */
  minimise: z.enum(['p95', 'throughput', 'buffers', 'index_bytes', 'build_seconds']),
});
export type Target = z.infer<typeof targetSchema>;

/**
 * What one chooses without measuring: pgvector's defaults, the lists of pgvector's README (rows / 1000, from a million rows
 * on their square root), the square root of the rows, or no index.
 */
export const startingRuleSchema = z.enum(['defaults', 'readme-lists', 'square-root-lists', 'exact-scan']);
export type StartingRule = z.infer<typeof startingRuleSchema>;

/** Defects of released versions of pgvector that change what one may do with them. */
export const defectCodeSchema = z.enum([
  'parallel-build-overflow',
  'parallel-build-locking',
  'vacuum-corruption',
  'vacuum-insert-errors',
  'ivfflat-build-overflow',
  'ivfflat-overflow-32-bit',
  'ivfflat-build-memory',
  'ivfflat-empty-table-memory',
  'ivfflat-nested-loop-memory',
]);
export type DefectCode = z.infer<typeof defectCodeSchema>;

/** Vectors as one block: row i occupies `values[i·dimensions … (i+1)·dimensions)`. */
export interface Matrix {
  readonly rows: number;
  readonly dimensions: number;
  readonly values: Float32Array;
}
