import { z } from 'zod';

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
