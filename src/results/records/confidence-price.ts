import { z } from 'zod';
import { choiceSchema } from './choice.js';
import { costComparisonSchema } from './cost-comparison.js';
import { factSchema } from './fact.js';

/** What it costs that the queries show the recall of the recommendation, and do not merely have it on average. */
export const confidencePriceSchema = z.discriminatedUnion('code', [
  /** Nothing cheaper that was measured reaches the recall on average. */
  factSchema('nothing', { recall: z.number() }),
  factSchema('costs', {
    recall: z.number(),
    /** One-sided, of the target. */
    confidence: z.number(),
    /** The cheapest whose mean reaches the recall, measured side by side with the recommendation. */
    cheapest: choiceSchema,
    /** Its mean recall, and the confidence with which the queries show that it reaches the target; 0: they do not. */
    mean: z.number(),
    shown: z.number(),
    /** The recommendation over it: buffers of a query, and p95 latency. */
    buffers: costComparisonSchema,
    p95: costComparisonSchema,
    /** About so many queries would show a setting that takes `within` more buffers; null: no telling. */
    queries: z.number().int().nullable(),
    within: z.number(),
  }),
]);
export type ConfidencePrice = z.infer<typeof confidencePriceSchema>;
