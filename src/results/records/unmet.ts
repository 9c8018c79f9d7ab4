import { z } from 'zod';
import { factSchema } from './fact.js';

/** A bound of the target that a point does not show to be met: what was seen of it, and what was asked for. */
export const unmetSchema = z.discriminatedUnion('code', [
  /** `low`: the recall that is shown with the confidence asked for. */
  factSchema('recall', { value: z.number(), low: z.number(), wanted: z.number() }),
  /** `ms`: null for fewer samples than the `needs` that bound the quantile. */
  factSchema('p95', { ms: z.number().nullable(), needs: z.number().int().nullable(), boundMs: z.number() }),
  factSchema('index_size', { bytes: z.number(), bound: z.number() }),
  factSchema('build_time', { seconds: z.number(), bound: z.number() }),
  /** One build meets the target; that another one would is not shown. */
  factSchema('any_build', {}),
  /** Further builds of it failed. */
  factSchema('other_builds_failed', { failed: z.number().int() }),
]);
export type Unmet = z.infer<typeof unmetSchema>;
