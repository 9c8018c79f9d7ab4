import { z } from 'zod';
import { targetSchema } from '../../vocabulary.js';

/** What an index takes to keep: buffers of a query, bytes of the index, seconds of its build. */
export const upkeepSchema = z.strictObject({ buffers: z.number(), indexBytes: z.number(), buildSeconds: z.number() });
export type Upkeep = z.infer<typeof upkeepSchema>;

/** The cost of one choice by the goal, over that of another, and what both take beside it. */
export const costComparisonSchema = z.strictObject({
  goal: targetSchema.shape.minimise,
  /**
   * `more` and `less`: shown, at a level of 5 % over all that were compared. `equivalent`: the whole interval of the ratio
   * lies within the margin. `undecided`: neither is shown.
   */
  verdict: z.enum(['more', 'less', 'equivalent', 'undecided']),
  /** One over the other, with its 95 % interval; null: the other costs nothing. */
  ratio: z.number().nullable(),
  low: z.number(),
  /** Null: not bounded. */
  high: z.number().nullable(),
  /** Costs that differ by less are equivalent: 0.05 is 5 %. */
  margin: z.number(),
  /** Pairs of interleaved blocks; 0: the intervals of each alone, which were not measured side by side. */
  pairs: z.number().int(),
  one: upkeepSchema,
  other: upkeepSchema,
});
export type CostComparison = z.infer<typeof costComparisonSchema>;
