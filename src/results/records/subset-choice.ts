import { z } from 'zod';
import { indexSpecSchema } from '../../vocabulary.js';

/** What was chosen on a random subset of the rows, and what was expected of it on all of them. */
export const subsetChoiceSchema = z.strictObject({
  /** Of the subset. */
  rows: z.number().int(),
  /** The index that the others were compared with there; it was not built on all rows unless it was chosen. */
  control: z.strictObject({
    spec: indexSpecSchema,
    /** Value of its recall knob at the search recall, measured on each size; ascending. */
    sizes: z.array(
      z.strictObject({
        rows: z.number().int(),
        value: z.number(),
        /** False: no value reaches it there, and this is the largest that was looked at. */
        reaches: z.boolean(),
      }),
    ),
    /** The same on all rows, extrapolated. */
    expected: z.number(),
  }),
  /** What was built on all rows, in that order; the first that reaches the recall is what the subset chose. */
  built: z.array(
    z.strictObject({
      spec: indexSpecSchema,
      /** Value of its recall knob at the search recall on all rows, extrapolated. */
      expected: z.number(),
      /** The same, measured there; null where no value reaches it. */
      reached: z.number().nullable(),
    }),
  ),
});
export type SubsetChoice = z.infer<typeof subsetChoiceSchema>;
