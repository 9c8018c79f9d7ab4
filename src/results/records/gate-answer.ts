import { z } from 'zod';
import { estimateSchema } from './estimate.js';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';
import { tuneAnswerSchema } from './answer.js';

/** What a night's gate measured: the baseline's recommended setting and tonight's, in turn on one backend. */
export const gateAnswerSchema = z.strictObject({
  kind: z.literal('gate'),
  baseline: z.strictObject({ run: z.string(), spec: indexSpecSchema, settings: searchSettingsSchema }),
  rules: z.strictObject({
    /** Smallest slowdown of interest, a share. */
    smallest: z.number(),
    /** Probabilities over all looks together. */
    falseAlarms: z.number(),
    misses: z.number(),
    /** Milliseconds of timed queries, both sides together. */
    budgetMs: z.number(),
  }),
  /** Tonight's search, whose recommendation is the candidate. */
  tuned: tuneAnswerSchema,
  /**
   * `undecided`: the time was up. `same setting`: tonight recommends what the baseline does, which has nothing to be
   * measured against. `not reached`: tonight nothing meets the target. `not measured`: a side has no figures, or tonight's
   * search has none.
   */
  verdict: z.enum(['slower', 'not slower', 'undecided', 'same setting', 'not reached', 'not measured']),
  /** Keys of the points that were measured in turn, round by round. */
  rounds: z.array(z.strictObject({ base: z.string(), candidate: z.string().nullable() })),
  /** After each round: pairs of blocks so far, and candidate over base minus 1 with the bounds that this look decides by. */
  looks: z.array(z.strictObject({ pairs: z.number().int(), shift: estimateSchema })),
});
export type GateAnswer = z.infer<typeof gateAnswerSchema>;
