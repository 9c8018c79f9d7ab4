import { z } from 'zod';
import { factSchema } from './fact.js';
import { reasonSchema } from './reason.js';
import { indexSpecSchema, searchSettingsSchema, targetSchema } from '../../vocabulary.js';

const goal = targetSchema.shape.minimise;

/** The work of two choices: buffers of a query where they are of one method, else bytes of the index. */
export const workSchema = z.strictObject({
  of: z.enum(['buffers', 'index_bytes']),
  one: z.number(),
  other: z.number(),
});
export type WorkPair = z.infer<typeof workSchema>;

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
  /** Its cost by the goal, over that of the recommendation. */
  factSchema('runner-up-costs-more', { goal, ratio: z.number(), medianMs: z.number() }),
  /** `work`: of the runner-up, and of the recommendation. */
  factSchema('runner-up-costs-the-same', { goal, work: workSchema }),
  /** Another choice was seen with the lowest cost, by less than its error. */
  factSchema('lowest-seen', { spec: indexSpecSchema, settings: searchSettingsSchema, work: workSchema }),
  /** Several builds; `low` is the recall that another one is shown to reach. */
  factSchema('builds-differ', {
    builds: z.number().int(),
    recallSd: z.number(),
    low: z.number(),
    wanted: z.number(),
    reached: z.boolean(),
  }),
]);
export type Ground = z.infer<typeof groundSchema>;
