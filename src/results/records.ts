import { z } from 'zod';
import { benchAnswerSchema, tuneAnswerSchema } from './answer.js';
import { conditionsSchema } from './conditions.js';
import {
  cacheStateSchema,
  indexSpecSchema,
  lookupSpecSchema,
  metricSchema,
  placementSchema,
  searchSettingsSchema,
  targetSchema,
  textSpecSchema,
  workloadSchema,
} from '../vocabulary.js';

/*
 * What a run writes down. `manifest.json` says on what and with what; each line of `journal.ndjson` is one record.
 * A record repeats the request that it answers, holds the raw samples it rests on, and the estimates made from them.
 */

/** Grows when a record's meaning changes; readers accept every version up to this one. */
export const RECORD_VERSION = 1;

/** An estimate and its 95 % interval. An end that the sample is too small to bound is `null`. */
export const estimateSchema = z.strictObject({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Estimate = z.infer<typeof estimateSchema>;

/** What is asked of a server once: build this index. With `lookup` or `text`, that one; `spec` is then the exact scan's. */
export const buildRequestSchema = z.strictObject({
  spec: indexSpecSchema,
  /** Tells identical builds apart. */
  repeat: z.number().int().min(0),
  /** Rows of a random subset of the table to build on; all of them when absent. */
  rows: z.number().int().min(1).optional(),
  /** Where the vector index is put; over the whole table when absent. */
  placement: placementSchema.optional(),
  lookup: lookupSpecSchema.optional(),
  text: textSpecSchema.optional(),
});
export type BuildRequest = z.infer<typeof buildRequestSchema>;

/** What is asked of a build: answer this workload with these settings. */
export const pointRequestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  /** Keys of other builds whose indexes are in sight as well; none when absent. */
  beside: z.array(z.string()).optional(),
  workload: workloadSchema,
  settings: searchSettingsSchema,
  /** How many of the run's queries are asked: the first ones, in the run's own random order. */
  queries: z.number().int().min(1),
  /** Position of the first of them in that order; absent: 0. */
  from: z.number().int().min(1).optional(),
  /** `search` points were measured to choose; `confirm` points interleaved with their rivals, to conclude. */
  purpose: z.enum(['search', 'confirm']),
  /** Timed round trips of a `confirm` point, at least; absent: as many as the configuration says. */
  samples: z.number().int().min(1).optional(),
  /** In which state the caches are to be; absent: warm. */
  cache: cacheStateSchema.optional(),
});
export type PointRequest = z.infer<typeof pointRequestSchema>;

/** Something worth a sentence in the report: a build that spilled, a setting that spoils figures. */
export const findingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** An index as the catalog describes it. */
const indexFactsSchema = z.strictObject({
  name: z.string(),
  definition: z.string(),
  opclass: z.string(),
  reloptions: z.record(z.string(), z.string()),
  valid: z.boolean(),
  bytes: z.number(),
  /** Number of its file: another one says that the index was built anew behind our back. */
  filenode: z.number().optional(),
  /** Build parameters as its first page tells them; null where it could not be read. */
  metapage: z.record(z.string(), z.number()).nullable().optional(),
});
export type BuiltIndex = z.infer<typeof indexFactsSchema>;

export const buildRecordSchema = z.strictObject({
  type: z.literal('build'),
  key: z.string(),
  request: buildRequestSchema,
  /** 1, or more when the index had to be built again for a resumed run: then the graph is another one. */
  attempt: z.number().int().min(1),
  startedAt: z.string(),
  status: z.enum(['ok', 'failed']),
  /** Why it failed; null when it did not. */
  reason: z.string().nullable(),
  /**
   * As read back from the catalog after the build; null for the exact scan and for failures. Of an index that was put in
   * several places: the first of them, with the bytes of all.
   */
  index: indexFactsSchema.nullable(),
  /** All places of an index that was put in several. */
  parts: z.array(indexFactsSchema).optional(),
  seconds: z.number(),
  /** Server settings that the build ran under, as read back. */
  settings: z.record(z.string(), z.string()),
  notices: z.array(z.string()),
  findings: z.array(findingSchema),
  /** The run that it was built in, when it was not this one: then the index does not stand. */
  fromRun: z.string().optional(),
});
export type BuildRecord = z.infer<typeof buildRecordSchema>;

/** Every index that a build left on the server. */
export const builtIndexes = ({ index, parts }: Pick<BuildRecord, 'index' | 'parts'>): readonly BuiltIndex[] =>
  parts ?? (index ? [index] : []);

/** The plan that served the queries, as EXPLAIN told it for the very statement that was timed. */
export const planEvidenceSchema = z.strictObject({
  /** `Index Scan`, `Seq Scan`, … of the node that reads the table. */
  node: z.string(),
  /** Name of the index that node reads; null for a scan of the table. */
  index: z.string().nullable(),
  /** Rows that were read and thrown away, per query. */
  rowsRemovedByFilter: z.number(),
  /** All ways to the rows, where there may be several: `Bitmap Heap Scan using btree_…`. */
  scans: z.string().optional(),
  startupCost: z.number(),
  totalCost: z.number(),
  /** How many times the plan was looked at during the point, always with this result. */
  checks: z.number().int(),
});
export type PlanEvidence = z.infer<typeof planEvidenceSchema>;

/** How the server's plan cache treated the prepared statement that was timed. */
export const planCacheSchema = z.strictObject({
  /** `plan_cache_mode`. */
  mode: z.string(),
  /** Executions planned without regard to their arguments, and for them; null before PostgreSQL 14. */
  genericPlans: z.number().int().nullable(),
  customPlans: z.number().int().nullable(),
  /** How the one plan reads its tables, and how the other does. */
  generic: z.string(),
  custom: z.string(),
});
export type PlanCache = z.infer<typeof planCacheSchema>;

/** A quantile needs a least number of samples before it means anything: below it `estimate` is null. */
export const quantileSchema = z.strictObject({
  p: z.number(),
  estimate: estimateSchema.nullable(),
  /** Samples needed for a finite two-sided 95 % interval. */
  needs: z.number().int(),
});
export type Quantile = z.infer<typeof quantileSchema>;

export const recallSchema = z.strictObject({
  /** Tie-aware: a returned row counts when it is no farther than the k-th exact neighbour. */
  mean: estimateSchema,
  /** By identity of the rows alone. */
  strictMean: z.number(),
  min: z.number(),
  p1: z.number(),
  p5: z.number(),
  /** Share of queries with a recall under one half. */
  shareBelowHalf: z.number(),
  queries: z.number().int(),
  /** Queries whose exact answer is empty; they are in no figure. */
  excluded: z.number().int(),
  /** About so many queries would tell the mean to half a percentage point. */
  queriesNeeded: z.number().int().optional(),
  /**
   * Sum of the distances of the rows returned over that of as many exact neighbours, mean over the queries: 1 is perfect,
   * and 1.01 says that what came back is one percent farther away. Null for inner products, which have no such ratio.
   */
  distanceRatio: z.number().nullable().optional(),
});
export type Recall = z.infer<typeof recallSchema>;

/** How many samples lie in each of successive bins, whose edges are `perDoubling` to a doubling; empty ends left out. */
export const histogramSchema = z.strictObject({
  /** Lower edge of the first bin, milliseconds. */
  fromMs: z.number(),
  perDoubling: z.number().int(),
  counts: z.array(z.number().int()),
});
export type Histogram = z.infer<typeof histogramSchema>;

/** How good rankings are by what people judged relevant, over the queries that have a relevant row. */
export const judgedSchema = z.strictObject({
  queries: z.number().int(),
  /** At the k of the workload, as the two others. */
  ndcg: estimateSchema,
  reciprocalRank: estimateSchema,
  recall: estimateSchema,
  /** nDCG of each of these queries in the run's order: Float32, little-endian, in base64. */
  samples: z.string(),
});
export type Judged = z.infer<typeof judgedSchema>;

export const measuredSchema = z.strictObject({
  settingsReadBack: z.record(z.string(), z.string()),
  plan: planEvidenceSchema,
  /** Counts are of the statement, which points measured side by side may share. */
  planCache: planCacheSchema.optional(),
  recall: recallSchema,
  /** Rows returned over rows that exist, min(k, matches): mean over queries, and how many queries fell short. */
  completeness: z.strictObject({
    mean: z.number(),
    shortQueries: z.number().int(),
    /** Queries by that share, in tenths; the last of eleven counts is of complete answers. */
    tenths: z.array(z.number().int()).length(11).optional(),
    /** Queries that returned nothing although there was something. */
    empty: z.number().int().optional(),
  }),
  /** Of filtered queries, from EXPLAIN (ANALYZE) on a sample. */
  filtering: z
    .strictObject({
      /** Rows read and thrown away by one query. */
      rowsRemoved: estimateSchema,
      /** How the queries were served, most frequent first. */
      plans: z.array(z.strictObject({ scans: z.string(), queries: z.number().int() })),
    })
    .optional(),
  /** Of hybrid queries, whose `recall` is the overlap with the exact fusion: rows of it that came back. */
  ranking: z
    .strictObject({
      /** Rank-biased overlap with the exact fusion, p = 0.9: the order counts, the top most of all. */
      rbo: estimateSchema,
      /** By the dataset's judgements; null when it has none. */
      judged: judgedSchema.nullable(),
      /** How the queries were served, most frequent first. */
      plans: z.array(z.strictObject({ scans: z.string(), queries: z.number().int() })),
    })
    .optional(),
  /** Client wall time of one query, milliseconds. */
  latencyMs: z.strictObject({
    n: z.number().int(),
    mean: z.number(),
    quantiles: z.array(quantileSchema),
    histogram: histogramSchema.optional(),
  }),
  /** Name of the clock that took the times. */
  clock: z.string().optional(),
  /** The server's own time of one query, without the round trip, milliseconds. */
  serverMs: z
    .strictObject({
      /** Median of EXPLAIN (ANALYZE, TIMING OFF) on a sample apart from the timed queries; null for too few. */
      explain: z.strictObject({ n: z.number().int(), median: estimateSchema.nullable() }),
      /** Mean over the timed queries by pg_stat_statements; null where it does not count. */
      statements: z.strictObject({ n: z.number().int(), mean: z.number() }).nullable(),
    })
    .optional(),
  /** The same round trip without any search (null query of the same shape), median, milliseconds. */
  clientFloorMs: z.number(),
  /** 8 kB buffers touched by one query (shared hit + read), from EXPLAIN (ANALYZE, BUFFERS) on a sample. */
  buffers: z.strictObject({ mean: estimateSchema, meanRead: z.number(), queries: z.number().int() }),
  /** In which state the caches were, in words. */
  cache: z.string(),
  /** The same as a word: the state that was asked for, or `partial` when what the queries read denies it. */
  cacheState: z.union([cacheStateSchema, z.literal('partial')]).optional(),
  /** Blocks before the timed ones, and whether the last ten of them were without a trend; null: there were none. */
  warmUp: z.strictObject({ blocks: z.number().int(), steady: z.boolean() }).nullable().optional(),
  /**
   * Little-endian arrays in base64: latencies as Float32 milliseconds in order of measurement, `blockQueries` of them
   * in a row from each arm; hits, strict hits and rows returned as Uint16, one per query in the run's order.
   */
  samples: z.strictObject({
    blockQueries: z.number().int(),
    latencyMs: z.string(),
    hits: z.string(),
    strictHits: z.string(),
    returned: z.string(),
  }),
});
export type Measured = z.infer<typeof measuredSchema>;

export const pointRecordSchema = z.strictObject({
  type: z.literal('point'),
  key: z.string(),
  request: pointRequestSchema,
  startedAt: z.string(),
  /** `void`: it ran, but cannot prove that it measured what was asked. Never a basis for a recommendation. */
  status: z.enum(['ok', 'void', 'failed']),
  reason: z.string().nullable(),
  /** The plan that the server chose instead, where that is why the point is void. */
  planInstead: z.string().optional(),
  /** Present only when `status` is `ok`: a void point has no figures to quote. */
  measured: measuredSchema.nullable(),
  /** What went on around it. */
  conditions: conditionsSchema.optional(),
  findings: z.array(findingSchema),
  /** The run that it was measured in, when it was not this one. Such a point chooses what to look at, no more. */
  fromRun: z.string().optional(),
});
export type PointRecord = z.infer<typeof pointRecordSchema>;

/** How queries come under load. */
export const loadModeSchema = z.discriminatedUnion('kind', [
  /** Each connection sends its next query when the last one is answered. */
  z.strictObject({
    kind: z.literal('closed'),
    concurrency: z.number().int().min(1),
    seconds: z.number().positive(),
  }),
  /** Queries are due by a schedule, whatever became of those before; a pool of connections serves them. */
  z.strictObject({
    kind: z.literal('open'),
    arrivals: z.enum(['poisson', 'constant']),
    ratePerSecond: z.number().positive(),
    connections: z.number().int().min(1),
    seconds: z.number().positive(),
  }),
]);
export type LoadMode = z.infer<typeof loadModeSchema>;

/** What is asked of a build that stands alone on its table: serve many queries at once. */
export const throughputRequestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  workload: workloadSchema,
  settings: searchSettingsSchema,
  /** How many of the run's queries are asked in turn: the first ones, in the run's own random order. */
  queries: z.number().int().min(1),
  mode: loadModeSchema,
});
export type ThroughputRequest = z.infer<typeof throughputRequestSchema>;

/** What became of the schedule of an open loop. */
export const scheduleKeptSchema = z.strictObject({
  /** Queries that the schedule held. */
  due: z.number().int(),
  /** Found no connection free when they were due. */
  late: z.number().int(),
  /** Had not been sent when the time was over, and never were. */
  dropped: z.number().int(),
  /** From the time a query was due to its actual start; null when none started. */
  lagMs: z.strictObject({ p50: z.number(), p99: z.number() }).nullable(),
});
export type ScheduleKept = z.infer<typeof scheduleKeptSchema>;

export const throughputFiguresSchema = z.strictObject({
  settingsReadBack: z.record(z.string(), z.string()),
  plan: planEvidenceSchema,
  /** Queries answered within the window, per second; the interval rests on slices of the window. */
  ratePerSecond: estimateSchema,
  /** From the start of a query in a closed loop, from the time it was due in an open one. */
  latencyMs: measuredSchema.shape.latencyMs,
  /** Name of the clock that took the times. */
  clock: z.string().optional(),
  /** Queries that the server refused, by SQLSTATE. They are in no other figure. */
  errors: z.record(z.string(), z.number().int()),
  /** Of each client thread: the share of time in which it had something to do. */
  eventLoopUtilisation: z.array(z.number()),
  /** Processors kept busy on average, of those that this machine has; `server` is null where it cannot be seen. */
  cpu: z.strictObject({ cores: z.number().int(), client: z.number(), server: z.number().nullable() }),
  /**
   * Little-endian Float32 arrays in base64, one value a query in order of the starts, milliseconds: the start from the
   * beginning of the window; the latency; and the lag behind the schedule, empty for a closed loop.
   */
  samples: z.strictObject({ startMs: z.string(), latencyMs: z.string(), lagMs: z.string() }),
});
export type ThroughputFigures = z.infer<typeof throughputFiguresSchema>;

export const throughputRecordSchema = z.strictObject({
  type: z.literal('throughput'),
  key: z.string(),
  request: throughputRequestSchema,
  startedAt: z.string(),
  /** `failed`: also when a rate could not be delivered. That is an answer, but no figure. */
  status: z.enum(['ok', 'void', 'failed']),
  reason: z.string().nullable(),
  /** Null for a closed loop, and for a load that never began. */
  schedule: scheduleKeptSchema.nullable(),
  /** What went on around it; null for a load that never began. */
  conditions: conditionsSchema.nullable(),
  /** Present only when `status` is `ok`. */
  measured: throughputFiguresSchema.nullable(),
  findings: z.array(findingSchema),
});
export type ThroughputRecord = z.infer<typeof throughputRecordSchema>;

/** What is asked of a build: where does the planner leave its index? */
export const plannerMapRequestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  /** Rows that the index is asked for, and the settings of the search; each axis varies one of them. */
  k: z.number().int().min(1),
  settings: searchSettingsSchema,
});
export type PlannerMapRequest = z.infer<typeof plannerMapRequestSchema>;

/** Values of an axis, both ends included, at which the planner reads the table in the same way. */
const planStretchSchema = z.strictObject({
  from: z.number().int(),
  to: z.number().int(),
  plan: z.enum(['index', 'sequential', 'parallel sequential', 'other']),
});

/** Where the planner takes the index, and where not. Nothing was executed for it. */
export const plannerMapRecordSchema = z.strictObject({
  type: z.literal('planner-map'),
  key: z.string(),
  request: plannerMapRequestSchema,
  startedAt: z.string(),
  /** What the planner knew of the table: its row estimate, and pages. */
  table: z.strictObject({ rows: z.number(), heapPages: z.number().int(), indexPages: z.number().int() }),
  axes: z.array(
    z.strictObject({
      /** A search setting such as `ef_search`, `LIMIT`, or `selectivity` in hundredths of a percent of the rows. */
      name: z.string(),
      /** Its value in the request. */
      at: z.number(),
      /** By the cost model; null for versions of the extension with another one. */
      predicted: z.array(planStretchSchema).nullable(),
      /** By EXPLAIN. */
      measured: z.array(planStretchSchema),
      /** Values that EXPLAIN was asked at. */
      explains: z.number().int(),
    }),
  ),
});
export type PlannerMapRecord = z.infer<typeof plannerMapRecordSchema>;

/** What is asked of both legs' exact answers: which ranking does each of these fusions make of them? Takes no times. */
export const fusionsRequestSchema = z.strictObject({
  /** Key of the build of the text index. */
  build: z.string(),
  k: z.number().int().min(1),
  text: textSpecSchema,
  fusions: z.array(z.strictObject({ strategy: z.string(), settings: searchSettingsSchema })).min(1),
});
export type FusionsRequest = z.infer<typeof fusionsRequestSchema>;

/** Rankings of exact legs: no index of the vectors had a part in them. */
export const fusionsRecordSchema = z.strictObject({
  type: z.literal('fusions'),
  key: z.string(),
  request: fusionsRequestSchema,
  startedAt: z.string(),
  /** Queries with a text, in the run's order. */
  queries: z.number().int(),
  /** Of each fusion, in the order asked. */
  fusions: z.array(
    z.strictObject({
      /** Row numbers, best first, k for each query, −1 where there are fewer: Int32, little-endian, in base64. */
      rankings: z.string(),
      /** Null when the dataset has no judgements. */
      judged: judgedSchema.nullable(),
    }),
  ),
});
export type FusionsRecord = z.infer<typeof fusionsRecordSchema>;

/** What is asked of a build: how much does it add to an INSERT? Asked last, for it leaves dead entries in the index. */
export const writesRequestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
});
export type WritesRequest = z.infer<typeof writesRequestSchema>;

const writeCostSchema = z.strictObject({ walBytes: z.number(), ms: z.number() });

/** What one more row costs; medians over several rounds on one backend, all rolled back. */
export const writesRecordSchema = z.strictObject({
  type: z.literal('writes'),
  key: z.string(),
  request: writesRequestSchema,
  startedAt: z.string(),
  /** Rows of a round. */
  rows: z.number().int(),
  rounds: z.number().int(),
  /** With this build's indexes on the table and no others but the primary key; and without them. A row each. */
  with: writeCostSchema,
  without: writeCostSchema,
});
export type WritesRecord = z.infer<typeof writesRecordSchema>;

export const loadRecordSchema = z.strictObject({
  type: z.literal('load'),
  key: z.literal('load'),
  rows: z.number().int(),
  seconds: z.number(),
  method: z.enum(['copy', 'insert']),
  tableBytes: z.number(),
});
export type LoadRecord = z.infer<typeof loadRecordSchema>;

/** The end of a run: its search came to an answer. The figures behind it are the points that it names. */
export const answerRecordSchema = z.strictObject({
  type: z.literal('answer'),
  key: z.literal('answer'),
  finishedAt: z.string(),
  answer: z.discriminatedUnion('kind', [tuneAnswerSchema, benchAnswerSchema]),
});
export type AnswerRecord = z.infer<typeof answerRecordSchema>;

export const recordSchema = z.discriminatedUnion('type', [
  buildRecordSchema,
  pointRecordSchema,
  throughputRecordSchema,
  plannerMapRecordSchema,
  fusionsRecordSchema,
  writesRecordSchema,
  loadRecordSchema,
  answerRecordSchema,
]);
export type JournalRecord = z.infer<typeof recordSchema>;

/** What the run stood on. Runs are comparable only where these agree. */
export const manifestSchema = z.strictObject({
  version: z.number().int(),
  run: z.string(),
  command: z.enum(['tune', 'bench']),
  startedAt: z.string(),
  pgvtune: z.string(),
  dataset: z.strictObject({
    name: z.string(),
    hash: z.string(),
    rows: z.number().int(),
    dimensions: z.number().int(),
    queries: z.number().int(),
    /** True when the vectors were generated: such results say nothing about a real table. */
    synthetic: z.boolean(),
  }),
  metric: metricSchema,
  target: targetSchema.nullable(),
  /** The configuration as resolved, every default written out, passwords redacted. */
  config: z.unknown(),
  server: z.strictObject({
    kind: z.enum(['embedded', 'local', 'container', 'url']),
    /** As printed next to every latency, e.g. `embedded (WebAssembly)`. */
    label: z.string(),
    version: z.string(),
    versionNumber: z.number().int(),
    pgvector: z.string(),
    /** Settings whose source is not the default, and those that decide plans and builds. */
    settings: z.record(z.string(), z.string()),
  }),
  client: z.strictObject({
    node: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
  }),
});
export type RunManifest = z.infer<typeof manifestSchema>;
