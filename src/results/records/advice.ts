import { z } from 'zod';
import { reasonSchema } from './reason.js';
import { indexSpecSchema, searchSettingsSchema, representationSchema } from '../../vocabulary.js';

/** What a search knows beside its recommendation. Sentences are whole; figures behind them are in the records. */
export const adviceSchema = z.strictObject({
  /** What the search took. Builds count as the share of the rows that they hold. */
  effort: z.strictObject({
    wholeBuilds: z.number().int(),
    subsetBuilds: z.number().int(),
    /** Rows of the subset; null: none was built on. */
    subsetRows: z.number().int().nullable(),
    buildSeconds: z.number(),
    points: z.number().int(),
  }),
  /** Which bound decides, and what a little more of it would cost; where nothing is recommended, which one blocks. */
  binding: z.string().nullable(),
  /** What the recommendation comes to when the table doubles; null when nothing is recommended. */
  growth: z.string().nullable(),
  /** How pgvector's default index does with the right setting; null when it was not built. */
  defaults: z.string().nullable(),
  representations: z.array(
    z.strictObject({
      representation: representationSchema,
      /** Of a subvector. */
      dimensions: z.number().int().optional(),
      verdict: z.enum(['use', 'no gain', 'do not', 'not tried']),
      why: z.string(),
      /** Of the build that failed; null or absent where that is not why. */
      reason: reasonSchema.nullable().optional(),
    }),
  ),
  /** Where no point meets the target: for each bound the one that comes nearest to it and meets all the others. */
  relaxed: z.array(
    z.strictObject({
      bound: z.enum(['recall', 'p95', 'index_size', 'build_memory', 'build_time']),
      spec: indexSpecSchema,
      settings: searchSettingsSchema,
      /** Key of the point; null: the bound kept the index from being built, and what it comes to is not known. */
      point: z.string().nullable(),
      /** What the bound would have to be. */
      needs: z.string(),
    }),
  ),
  /** What else can be done where nothing meets the target. */
  waysOut: z.array(z.string()),
});
export type Advice = z.infer<typeof adviceSchema>;
