import { z } from 'zod';

/** An estimate and its 95 % interval. An end that the sample is too small to bound is `null`. */
export const estimateSchema = z.strictObject({
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Estimate = z.infer<typeof estimateSchema>;
