import { z } from 'zod';
import { targetSchema } from '../../vocabulary.js';

/** What options are ranked by: the target's goal, or the median where there are too few queries for its p95. */
export const rankingSchema = z.enum([...targetSchema.shape.minimise.options, 'p50']);
export type Ranking = z.infer<typeof rankingSchema>;
