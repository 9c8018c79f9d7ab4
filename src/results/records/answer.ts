import { z } from 'zod';
import { choiceSchema } from './choice.js';
import { confidencePriceSchema } from './confidence-price.js';
import { configurationSchema } from './configuration.js';
import { estimateSchema } from './estimate.js';
import { filteredAnswerSchema } from './filter-answer.js';
import { adviceSchema } from './advice.js';
import { budgetUseSchema } from './omission.js';
import { groundSchema } from './grounds.js';
import { hybridAnswerSchema } from './hybrid-answer.js';
import { subsetChoiceSchema } from './subset-choice.js';
import { unmetSchema } from './unmet.js';
import { whyNotSchema } from './why-not.js';
import {
  indexSpecSchema,
  objectiveSchema,
  searchSettingsSchema,
  targetSchema,
  startingRuleSchema,
} from '../../vocabulary.js';

/** A choice that was looked at and not taken. */
export const rejectionSchema = z.strictObject({
  choice: choiceSchema,
  why: whyNotSchema,
});
export type Rejection = z.infer<typeof rejectionSchema>;

/** What one gets without measuring: by pgvector's defaults, a rule of thumb, or no index at all. */
export const baselineSchema = z.strictObject({ rule: startingRuleSchema, choice: choiceSchema });
export type Baseline = z.infer<typeof baselineSchema>;

/** How many queries a second an index serves within a bound on latency. */
export const sustainedRateSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  settings: searchSettingsSchema,
  objective: objectiveSchema,
  /**
   * `held`: `record` holds the objective with confidence. `missed`: no rate that was tried does. `inconclusive`: none is
   * shown to, but one may; `record` has the highest such rate. `void`: the load could not prove what it measured, as `record` says.
   */
  verdict: z.enum(['held', 'missed', 'inconclusive', 'void']),
  /** Key of the throughput record that the verdict rests on. */
  record: z.string(),
  /** Key of the record with the lowest rate above it that is not shown to hold; null when none was tried. */
  next: z.string().nullable(),
  /** Key of the record with the lowest rate at which the objective is shown to be missed; null when there is none. */
  refuted: z.string().nullable().optional(),
});
export type SustainedRate = z.infer<typeof sustainedRateSchema>;

/** Several builds of the recommended specification, measured with the recommended settings. */
export const buildVarianceSchema = z.strictObject({
  /** Keys of the builds, the recommended one first, and of their points. */
  builds: z.array(z.string()),
  points: z.array(z.string()),
  /** Mean over the builds; its interval is widened by what another build may differ. */
  recall: estimateSchema,
  /** Recall that another build is shown to have with the confidence of the target; absent in runs of former versions. */
  shown: z.number().optional(),
  /** Standard deviations between builds. */
  recallSd: z.number(),
  buffersSd: z.number(),
  /** The settings that reached the target on one build alone, when that was not enough. */
  steppedUpFrom: searchSettingsSchema.nullable(),
});
export type BuildVariance = z.infer<typeof buildVarianceSchema>;

export const tuneAnswerSchema = z.strictObject({
  kind: z.literal('tune'),
  /**
   * `not reached`: nothing that was tried meets the target with confidence; `nearest` says how close it came, and is
   * empty where nothing could be measured. `not asked`: the configuration has no plain workload, and this part of the
   * answer is empty.
   */
  verdict: z.enum(['recommended', 'not reached', 'not asked']),
  target: targetSchema,
  /** Indexes whose recall was tested; the level is divided by their number. Absent in answers of former versions: 1. */
  tested: z.number().int().optional(),
  recommendation: choiceSchema.nullable(),
  runnerUp: choiceSchema.nullable(),
  /** Why the recommendation and not the runner-up; what comes first weighs most. */
  because: z.array(groundSchema),
  /** Null when nothing is recommended, or no index; absent in answers of former versions. */
  confidencePrice: confidencePriceSchema.nullable().optional(),
  rejected: z.array(rejectionSchema),
  baselines: z.array(baselineSchema),
  /** Keys of the points that no other beats in recall, 95th percentile, index size and build time at once, but for a little. */
  front: z.array(z.string()),
  nearest: z.array(z.strictObject({ choice: choiceSchema, unmet: z.array(unmetSchema) })),
  /** Null or absent: the recommendation was built once, and how much another build differs is not known. */
  buildVariance: buildVarianceSchema.nullable().optional(),
  /** Keys of the points that were measured once more with cold caches, side by side; absent where that was not asked. */
  cold: z.array(z.string()).optional(),
  /** Present where only what a subset of the rows chose was built on all of them. */
  subsetChoice: subsetChoiceSchema.optional(),
  /** Absent in answers of searches that gave none. */
  advice: adviceSchema.optional(),
  /** Of the recommendation, when a bound on latency under load was asked for. */
  sustainedRates: z.array(sustainedRateSchema).optional(),
  /** Of the filtered workloads, in the order of the configuration; absent when there are none. */
  filtered: z.array(filteredAnswerSchema).optional(),
  /** One recommendation for the whole table; absent where there is but one workload. */
  configuration: configurationSchema.optional(),
  /** Of the hybrid workloads, in the order of the configuration; absent when there are none. */
  hybrid: z.array(hybridAnswerSchema).optional(),
  /** Absent where the time was not bounded. */
  budget: budgetUseSchema.optional(),
  /**
   * An existing index on the same rows, and the key of the point of the recommendation that it was measured side by side with. Absent
   * where nobody named one, or nothing is recommended.
   */
  existing: z.strictObject({ choice: choiceSchema, beside: z.string() }).optional(),
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

/** What `capacity` measured of an index on several random subsets of the rows; the figures are those of the records. */
export const capacityAnswerSchema = z.strictObject({
  kind: z.literal('capacity'),
  /** On all rows. */
  spec: indexSpecSchema,
  /** Mean recall at which the sizes are compared. */
  recall: z.number().gt(0).max(1),
  /** Ascending. */
  sizes: z.array(
    z.strictObject({
      rows: z.number().int(),
      /** Key of the build record. */
      build: z.string(),
      /** Value of the recall knob that reaches the recall, interpolated; null where none does. */
      knob: z.number().nullable(),
      /** It is the lowest value that returns k rows: less would do for the recall. */
      isLowest: z.boolean(),
      /** Key of the point at that value, which the figures are from. */
      point: z.string().nullable(),
    }),
  ),
  /** Key of the point on all rows with cold caches; null where they cannot be emptied. */
  cold: z.string().nullable(),
  /** When a bound on latency under load was asked for. */
  sustainedRates: z.array(sustainedRateSchema).optional(),
});
export type CapacityAnswer = z.infer<typeof capacityAnswerSchema>;

/** What `churn` saw: everything is in the record. */
export const churnAnswerSchema = z.strictObject({
  kind: z.literal('churn'),
  /** Key of the churn record. */
  record: z.string(),
});
export type ChurnAnswer = z.infer<typeof churnAnswerSchema>;

/** What an answer says of queries a second within a bound on latency; none where that was not asked. */
export const sustainedRatesOf = (
  answer: { readonly kind: string; readonly sustainedRates?: readonly SustainedRate[] | undefined } | null | undefined,
): readonly SustainedRate[] => answer?.sustainedRates ?? [];
