import { z } from 'zod';
import { cacheJudgementSchema } from './cache-judgement.js';
import { measurementKind } from './kind.js';
import { reasonSchema } from './reason.js';
import { conditionsSchema } from './conditions.js';
import { estimateSchema } from './estimate.js';
import { findingSchema } from './finding.js';
import { cacheStateSchema, searchSettingsSchema, workloadSchema } from '../../vocabulary.js';

/** What is asked of a build: answer this workload with these settings. */
const requestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  /** Keys of other builds whose indexes are visible to the planner as well; none when absent. */
  beside: z.array(z.string()).optional(),
  /** Keys of builds whose indexes the planner sees besides, though another plan than the strategy's is none: a whole configuration. */
  among: z.array(z.string()).optional(),
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
  /** Keys of the points that it is measured beside once more, after it was measured beside others; absent: it was not. */
  comparedWith: z.array(z.string()).min(1).optional(),
  /** In which state the caches are to be; absent: warm. */
  cache: cacheStateSchema.optional(),
});
export type PointRequest = z.infer<typeof requestSchema>;

/** The plan that served the queries, as EXPLAIN shows it for the very statement that was timed. */
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

/** A quantile needs a least number of queries before it means anything: below it `estimate` is null. */
export const quantileSchema = z.strictObject({
  p: z.number(),
  estimate: estimateSchema.nullable(),
  /** Different queries that a finite two-sided 95 % interval needs. */
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
  /** About so many queries would narrow the interval of the mean to half a percentage point. */
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
    /** Round trips. */
    n: z.number().int(),
    /** Different queries among them: what the intervals rest on. Absent in earlier records. */
    queries: z.number().int().optional(),
    mean: z.number(),
    /** 95 % interval of the mean over the queries; null or absent where none was made. */
    meanInterval: z.strictObject({ low: z.number(), high: z.number() }).nullable().optional(),
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
  /** What settings for one transaction add to a query: BEGIN, SET LOCAL and COMMIT, each a round trip. Absent: not measured. */
  transactionMs: z
    .strictObject({ n: z.number().int(), median: estimateSchema, statements: z.number().int() })
    .optional(),
  /** 8 kB buffers touched by one query (shared hit + read), from EXPLAIN (ANALYZE, BUFFERS) on a sample. */
  buffers: z.strictObject({
    mean: estimateSchema,
    meanRead: z.number(),
    queries: z.number().int(),
    /** Median and 95th percentile; absent in earlier records. */
    quantiles: z.array(quantileSchema).optional(),
  }),
  cache: cacheJudgementSchema,
  /** Blocks before the timed ones, and whether the last ten of them were without a trend; null: there were none. */
  warmUp: z.strictObject({ blocks: z.number().int(), steady: z.boolean() }).nullable().optional(),
  /**
   * Little-endian arrays in base64: latencies as Float32 milliseconds in order of measurement, `blockQueries` of them
   * in a row from each arm; hits, strict hits, rows expected and returned as Uint16, one per query in the run's order.
   */
  samples: z.strictObject({
    blockQueries: z.number().int(),
    latencyMs: z.string(),
    hits: z.string(),
    strictHits: z.string(),
    /** Rows that a perfect answer holds, min(k, matches). */
    expected: z.string(),
    returned: z.string(),
  }),
});
export type Measured = z.infer<typeof measuredSchema>;

export const pointKind = measurementKind({
  name: 'point',
  request: requestSchema,
  figures: {
    /** `void`: it ran, but cannot prove that it measured what was asked. Never a basis for a recommendation. */
    status: z.enum(['ok', 'void', 'failed']),
    /** Null when `status` is `ok`. */
    reason: reasonSchema.nullable(),
    /** Present only when `status` is `ok`: a void point has no figures to quote. */
    measured: measuredSchema.nullable(),
    /** What went on around it. */
    conditions: conditionsSchema.optional(),
    findings: z.array(findingSchema),
    /** The run that it was measured in, when it was not this one. Such a point chooses what to look at, no more. */
    fromRun: z.string().optional(),
  },
});
export type PointRecord = z.infer<typeof pointKind.record>;
