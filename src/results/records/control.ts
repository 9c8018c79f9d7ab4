import { z } from 'zod';
import { estimateSchema } from './estimate.js';
import { measuredSchema, quantileSchema, recallSchema } from './point.js';

const storedIndexSchema = z.strictObject({
  name: z.string(),
  method: z.string(),
  /** The column, or an expression on it. */
  expression: z.string(),
  /** Of a partial index. */
  predicate: z.string().nullable(),
  /** Storage parameters: `m`, `lists`. */
  options: z.record(z.string(), z.string()),
  bytes: z.number(),
  valid: z.boolean(),
});

const outcomeSchema = z.discriminatedUnion('code', [
  z.strictObject({
    code: z.literal('measured'),
    data: z.strictObject({
      /** The plan, in words. */
      plan: z.string(),
      /** Full names of the search settings, as read back. */
      settings: z.record(z.string(), z.string()),
      queries: z.enum(['rows', 'log']),
      recall: recallSchema,
      completeness: measuredSchema.shape.completeness,
      /** Milliseconds of queries that were asked for the first time, on one connection. */
      latencyMs: z.strictObject({ quantiles: z.array(quantileSchema) }),
      /** Per query. */
      buffers: estimateSchema,
    }),
  }),
  /** The natural plan uses no index on the vectors; null: there is none that could be used. */
  z.strictObject({ code: z.literal('not-served'), data: z.strictObject({ plan: z.string().nullable() }) }),
  /** The server was interrupted meanwhile. */
  z.strictObject({ code: z.literal('void'), data: z.strictObject({}) }),
  /** In the words of the server, or of this program. */
  z.strictObject({ code: z.literal('failed'), data: z.strictObject({ message: z.string() }) }),
]);
export type ControlOutcome = z.infer<typeof outcomeSchema>;

/** What the table in use gives today, of which the dataset is a sample: read only, where the table is. */
export const controlRecordSchema = z.strictObject({
  type: z.literal('control'),
  key: z.literal('control'),
  /** As it is called in messages. */
  server: z.string(),
  table: z.string(),
  column: z.string(),
  /** The planner's count; null when it was never analysed. */
  rows: z.number().nullable(),
  k: z.number().int(),
  /** Every index on the vectors. */
  indexes: z.array(storedIndexSchema),
  outcome: outcomeSchema,
});
export type ControlRecord = z.infer<typeof controlRecordSchema>;
