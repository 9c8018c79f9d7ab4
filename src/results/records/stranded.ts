import { z } from 'zod';
import { factSchema } from './fact.js';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';

const figures = {
  settings: searchSettingsSchema,
  /** Queries that find none, and those that find some. */
  stranded: z.number().int().min(1),
  others: z.number().int().min(0),
  /** Of all missing rows, those that are theirs. */
  share: z.number().min(0).max(1),
  /** How many of them still find none at the highest setting that was measured; null: at no higher one. */
  higher: z.strictObject({ settings: searchSettingsSchema, stranded: z.number().int().min(0) }).nullable(),
  /**
   * The index that leaves fewest of them without a neighbour where it reaches the target, and its buffers over those of
   * this one; null: no other leaves fewer.
   */
  other: z
    .strictObject({
      spec: indexSpecSchema,
      settings: searchSettingsSchema,
      stranded: z.number().int().min(0),
      buffersRatio: z.number().min(0),
    })
    .nullable(),
  /** Share of the rows that repeat the vector of another, where that is worth a finding; else null. */
  duplicates: z.number().min(0).max(1).nullable(),
};

/** Queries that find none of their neighbours with an index, where they hold much of what is missing: where those are. */
export const strandedSchema = z.discriminatedUnion('code', [
  factSchema('in-another-part-of-the-graph', figures),
  factSchema('in-lists-not-probed', figures),
]);
export type Stranded = z.infer<typeof strandedSchema>;
