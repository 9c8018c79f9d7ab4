import { z } from 'zod';
import { costComparisonSchema } from './cost-comparison.js';
import { factSchema } from './fact.js';
import { reasonSchema } from './reason.js';

/** What became of a point without figures; null: there is none. */
const fate = z.enum(['void', 'failed']).nullable();

/** Why an answer is what it is. */
export const groundSchema = z.discriminatedUnion('code', [
  factSchema('no-plain-workload', {}),
  /** No point has figures; `reason` is that of the exact scan's, where it was measured. */
  factSchema('nothing-measured', { exactScan: fate, reason: reasonSchema.nullable() }),
  factSchema('nothing-reaches', { recall: z.number(), areBoundsAsked: z.boolean() }),
  /** `buffers` of a query, for `k` rows; null where a bound on latency was asked for and is kept. */
  factSchema('exact-scan-suffices', { buffers: z.number().nullable(), k: z.number().int() }),
  factSchema('nothing-else-meets', {}),
  /** Of the runner-up with the recommendation. */
  factSchema('runner-up', { comparison: costComparisonSchema }),
  /** Between equivalent choices pgvector's default build is recommended. */
  factSchema('default-preferred', {}),
  /** Of several builds that were asked for some failed; with one left nothing is known of another. */
  factSchema('builds-failed', { asked: z.number().int(), failed: z.number().int(), reason: reasonSchema.nullable() }),
  /** Builds of several that gave no figures at the setting of the others: of the first of them, why. */
  factSchema('builds-not-measured', {
    of: z.number().int(),
    builds: z.number().int(),
    reason: reasonSchema.nullable(),
  }),
  /** Several builds; `low` is the recall that another one is shown to reach, `reached`: that it is what is wanted. */
  factSchema('builds-differ', {
    builds: z.number().int(),
    recallSd: z.number(),
    low: z.number(),
    wanted: z.number(),
    reached: z.boolean(),
  }),
]);
export type Ground = z.infer<typeof groundSchema>;
