import { z } from 'zod';
import { cacheStateSchema } from '../../vocabulary.js';

/** In which state the caches were, judged by what the queries read. */
export const cacheJudgementSchema = z.strictObject({
  /** The state that was asked for, or `partial` where what the queries read denies it. */
  state: z.union([cacheStateSchema, z.literal('partial')]),
  declared: cacheStateSchema,
  /** Share of a query's buffers that came from outside shared_buffers. */
  readShare: z.number(),
  /** pg_prewarm had read in table and index. */
  prewarmed: z.boolean(),
  /** The index is read through a ring buffer, so that queries alone do not warm it. */
  isRing: z.boolean(),
});
export type CacheJudgement = z.infer<typeof cacheJudgementSchema>;
