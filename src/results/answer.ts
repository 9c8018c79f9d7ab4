import { z } from 'zod';
import { indexSpecSchema, searchSettingsSchema, targetSchema } from '../vocabulary.js';

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
export const rejectionSchema = z.strictObject({ choice: choiceSchema, why: z.string() });

/** What somebody would have got without measuring: pgvector's defaults, a rule of thumb. */
export const baselineSchema = z.strictObject({ name: z.string(), source: z.string(), choice: choiceSchema });
export type Baseline = z.infer<typeof baselineSchema>;

export const tuneAnswerSchema = z.strictObject({
  kind: z.literal('tune'),
  /** `not reached`: nothing that was tried meets the target with confidence; `nearest` says how close it came. */
  verdict: z.enum(['recommended', 'not reached']),
  target: targetSchema,
  recommendation: choiceSchema.nullable(),
  runnerUp: choiceSchema.nullable(),
  /** One sentence: why the recommendation and not the runner-up. */
  because: z.string(),
  rejected: z.array(rejectionSchema),
  baselines: z.array(baselineSchema),
  /** Keys of the points that no other beats in recall, time and size at once. */
  front: z.array(z.string()),
  nearest: z.array(z.strictObject({ choice: choiceSchema, misses: z.string() })),
});
export type TuneAnswer = z.infer<typeof tuneAnswerSchema>;

export const benchAnswerSchema = z.strictObject({
  kind: z.literal('bench'),
  /** Keys of the points that no other beats in recall, time and size at once. */
  front: z.array(z.string()),
});
export type BenchAnswer = z.infer<typeof benchAnswerSchema>;
