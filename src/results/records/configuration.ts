import { z } from 'zod';
import { unmetSchema } from './unmet.js';

/** A workload of the run: plain queries, a filter (by its workload and its place there), or a hybrid workload. */
const servedSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain') }),
  z.strictObject({ kind: z.literal('filtered'), workload: z.number().int(), filter: z.number().int() }),
  z.strictObject({ kind: z.literal('hybrid'), workload: z.number().int() }),
]);
export type ServedWorkload = z.infer<typeof servedSchema>;

/** How the table's indexes, all of them together, serve a workload. */
export const servedByConfigurationSchema = z.strictObject({
  of: servedSchema,
  /** Position among the options of the workload's answer; null: what is recommended for plain queries. */
  option: z.number().int().nullable(),
  /** Key of its point with every index of the configuration visible; null when no way that was tried is served so. */
  point: z.string().nullable(),
  /** Key of the point of the workload's best way, where only its own indexes exist. */
  alone: z.string(),
  /** Keys of points of ways that were tried before: another index took them over, or they missed the target. */
  lost: z.array(z.string()),
  /** Bounds of the target, about all indexes together, that leave it no way; absent where they do not. */
  unmet: z.array(unmetSchema).optional(),
});
export type ServedByConfiguration = z.infer<typeof servedByConfigurationSchema>;

/** One recommendation for the whole table, measured as it will be. */
export const configurationSchema = z.strictObject({
  /** Keys of the builds whose indexes exist together; none: no index at all. */
  builds: z.array(z.string()),
  /** Of their indexes, and of the copies of the table that some of them are on, together. */
  bytes: z.number(),
  served: z.array(servedByConfigurationSchema),
  /** Key of the record of what all of them add to an INSERT; null without indexes. */
  writes: z.string().nullable(),
});
export type Configuration = z.infer<typeof configurationSchema>;
