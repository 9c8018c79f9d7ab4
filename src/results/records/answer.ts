import { z } from 'zod';
import { reasonSchema } from './reason.js';
import { estimateSchema } from './estimate.js';
import { filterSchema, joinSchema } from '../../filter.js';
import { adviceSchema } from './advice.js';
import { hybridAnswerSchema } from './hybrid-answer.js';
import { indexSpecSchema, objectiveSchema, searchSettingsSchema, targetSchema } from '../../vocabulary.js';

/** An index with settings that was measured: the records to look its figures up in. */
export const choiceSchema = z.strictObject({
  spec: indexSpecSchema,
  settings: searchSettingsSchema,
  /** Key of the build record. */
  build: z.string(),
  /** Key of the point record whose figures are quoted. */
  point: z.string(),
});
export type Choice = z.infer<typeof choiceSchema>;

/** A choice that was looked at and not taken. */
export const rejectionSchema = z.strictObject({
  choice: choiceSchema,
  why: z.string(),
  /** Of the build that failed, or of a point that has no figures; null or absent where that is not why. */
  reason: reasonSchema.nullable().optional(),
});
export type Rejection = z.infer<typeof rejectionSchema>;

/** What somebody would have got without measuring: pgvector's defaults, a rule of thumb. */
export const baselineSchema = z.strictObject({ name: z.string(), source: z.string(), choice: choiceSchema });
export type Baseline = z.infer<typeof baselineSchema>;

/** How many queries a second an index serves within a bound on latency. */
export const sustainedRateSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  settings: searchSettingsSchema,
  objective: objectiveSchema,
  /**
   * `held`: `record` holds the objective with confidence. `missed`: no rate that was tried does. `inconclusive`: none is
   * shown to, but one may. `void`: the load could not prove what it measured, as `record` says.
   */
  verdict: z.enum(['held', 'missed', 'inconclusive', 'void']),
  /** Key of the throughput record that the verdict rests on. */
  record: z.string(),
  /** Key of the record with the lowest rate above it that is not shown to hold; null when none was tried. */
  next: z.string().nullable(),
});
export type SustainedRate = z.infer<typeof sustainedRateSchema>;

/** Several builds of the recommended specification, measured with the recommended settings. */
export const buildVarianceSchema = z.strictObject({
  /** Keys of the builds, the recommended one first, and of their points. */
  builds: z.array(z.string()),
  points: z.array(z.string()),
  /** Mean over the builds; its interval is widened by what another build may differ. */
  recall: estimateSchema,
  /** Standard deviations between builds. */
  recallSd: z.number(),
  buffersSd: z.number(),
  /** The settings that reached the target on one build alone, when that was not enough. */
  steppedUpFrom: searchSettingsSchema.nullable(),
});
export type BuildVariance = z.infer<typeof buildVarianceSchema>;

/** A strategy for the queries of one filter, and what became of it. */
export const filterOptionSchema = z.strictObject({
  /** Name of the strategy. */
  strategy: z.string(),
  /** As people write it, with the kind of its vector index. */
  title: z.string(),
  spec: indexSpecSchema,
  /**
   * `reaches` and `misses`: the target of recall. `another plan`: the server chose one by itself; figures are those of a
   * plan that was forced, if there are any. `unsuited`: the strategy cannot serve the filter. `failed`: an index could
   * not be built, or a query was refused.
   */
  outcome: z.enum(['reaches', 'misses', 'another plan', 'unsuited', 'failed']),
  /** Why not; null for those that reach the target. */
  why: z.union([z.string(), reasonSchema]).nullable(),
  settings: searchSettingsSchema,
  /** Keys of its builds; none when it needs no index. */
  builds: z.array(z.string()),
  /** Key of the point whose figures are quoted; null when there are none. */
  point: z.string().nullable(),
});
export type FilterOption = z.infer<typeof filterOptionSchema>;

/** What was found for one filter. */
export const filterAnswerSchema = z.strictObject({
  name: z.string(),
  filter: filterSchema,
  join: joinSchema.nullable(),
  /** As PostgreSQL would read it, with the values of one query. */
  example: z.string(),
  /** As asked, for a place on the grid. */
  cell: z.strictObject({ selectivity: z.number(), correlation: z.number() }).nullable(),
  /** As it is; the correlation is null when every row matches. */
  achieved: z.strictObject({
    selectivity: z.number(),
    least: z.number(),
    greatest: z.number(),
    correlation: z.number().nullable(),
    /** Of the middle half of the queries, each by itself; absent when every row matches, and in earlier answers. */
    middleHalf: z.tuple([z.number(), z.number()]).optional(),
    queries: z.number().int(),
    /** Different filters among the queries. */
    filters: z.number().int(),
  }),
  /** What the data could not give. */
  shortfalls: z.array(z.string()),
  options: z.array(filterOptionSchema),
  /**
   * Position in `options` of the cheapest that reaches the target; of several that may be, one that copies no data, and
   * touches the fewest pages. Null when none reaches it.
   */
  best: z.number().int().nullable(),
  /** Positions of others that may be as cheap. */
  rivals: z.array(z.number().int()),
  /** Key of the point of the vector index at its defaults, without iterative scan; null when it could not be measured. */
  today: z.string().nullable(),
  /** What to run for the best option. */
  sql: z
    .strictObject({
      build: z.array(z.string()),
      query: z.array(z.string()),
      /** Absent in answers of earlier versions. */
      undo: z.array(z.string()).optional(),
    })
    .nullable(),
});
export type FilterAnswer = z.infer<typeof filterAnswerSchema>;

/** Along one correlation: where the cheapest strategy changes. */
export const crossoverSchema = z.strictObject({
  /** As asked. */
  correlation: z.number(),
  /** Titles; null: none reaches the target there. */
  below: z.string().nullable(),
  above: z.string().nullable(),
  kind: z.enum(['cost', 'reach']),
  selectivity: estimateSchema,
});

export const filteredAnswerSchema = z.strictObject({
  recall: z.number(),
  rows: z.number().int(),
  filters: z.array(filterAnswerSchema),
  crossovers: z.array(crossoverSchema),
});
export type FilteredAnswer = z.infer<typeof filteredAnswerSchema>;

export const tuneAnswerSchema = z.strictObject({
  kind: z.literal('tune'),
  /**
   * `not reached`: nothing that was tried meets the target with confidence; `nearest` says how close it came, and is
   * empty where nothing could be measured. `not asked`: the configuration has no plain workload, and this part of the
   * answer is empty.
   */
  verdict: z.enum(['recommended', 'not reached', 'not asked']),
  target: targetSchema,
  recommendation: choiceSchema.nullable(),
  runnerUp: choiceSchema.nullable(),
  /** One sentence: why the recommendation and not the runner-up. */
  because: z.string(),
  /** Why the exact scan has no figures, where nothing has; else null or absent. */
  reason: reasonSchema.nullable().optional(),
  rejected: z.array(rejectionSchema),
  baselines: z.array(baselineSchema),
  /** Keys of the points that no other beats in recall, 95th percentile, index size and build time at once, but for a little. */
  front: z.array(z.string()),
  nearest: z.array(z.strictObject({ choice: choiceSchema, misses: z.string() })),
  /** Null or absent: the recommendation was built once, and how much another build differs is not known. */
  buildVariance: buildVarianceSchema.nullable().optional(),
  /** Keys of the points that were measured once more with cold caches, side by side; absent where that was not asked. */
  cold: z.array(z.string()).optional(),
  /** Absent in answers of searches that gave none. */
  advice: adviceSchema.optional(),
  /** Of the recommendation, when a bound on latency under load was asked for. */
  sustainedRates: z.array(sustainedRateSchema).optional(),
  /** Of the filtered workloads, in the order of the configuration; absent when there are none. */
  filtered: z.array(filteredAnswerSchema).optional(),
  /** Of the hybrid workloads, in the order of the configuration; absent when there are none. */
  hybrid: z.array(hybridAnswerSchema).optional(),
  /** Whether one vector index serves plain and filtered queries, in words; null or absent where not both were asked. */
  oneIndex: z.string().nullable().optional(),
});
export type TuneAnswer = z.infer<typeof tuneAnswerSchema>;

export const benchAnswerSchema = z.strictObject({
  kind: z.literal('bench'),
  /** Keys of the points that no other beats in recall, time and size at once. */
  front: z.array(z.string()),
  /** Of each index, when a bound on latency under load was asked for. */
  sustainedRates: z.array(sustainedRateSchema).optional(),
});
export type BenchAnswer = z.infer<typeof benchAnswerSchema>;
