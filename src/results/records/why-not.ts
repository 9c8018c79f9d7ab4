import { z } from 'zod';
import { costComparisonSchema } from './cost-comparison.js';
import { factSchema } from './fact.js';
import { reasonSchema } from './reason.js';
import { unmetSchema } from './unmet.js';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';

/** A point beyond that has no figures, and why; null: there is none. */
const beyond = z.strictObject({ status: z.enum(['void', 'failed']), reason: reasonSchema }).nullable();

const settings = searchSettingsSchema;

/** Why an index that could have been chosen was not built. */
export const notBuiltSchema = z.discriminatedUnion('code', [
  factSchema('would-be-too-large', { bytes: z.number(), bound: z.number() }),
  /** Bytes of `maintenance_work_mem` that its centres need, and that there are. */
  factSchema('centres-need-memory', { bytes: z.number(), given: z.number() }),
  factSchema('returns-too-few-rows', { knob: z.string(), k: z.number().int() }),
  factSchema('never-used-by-planner', { knob: z.string() }),
  /** A denser index takes as many pages. */
  factSchema('denser-on-as-many-pages', { spec: indexSpecSchema }),
  /** On all rows. Seconds of the queries of a day that it is expected to save, and that its build takes, a high estimate. */
  factSchema('does-not-pay', {
    queriesPerDay: z.number().int(),
    savedSeconds: z.number(),
    buildSeconds: z.number(),
  }),
]);
export type NotBuilt = z.infer<typeof notBuiltSchema>;

/** Why an index is not recommended. */
export const whyNotSchema = z.discriminatedUnion('code', [
  ...notBuiltSchema.options,
  factSchema('build-failed', { reason: reasonSchema }),

  /* Built on some of the rows only. */
  /** It took too much work before it reached the `recall` at which indexes were compared. */
  factSchema('subset-gave-up', { rows: z.number().int(), recall: z.number() }),
  factSchema('subset-recall-ends', { rows: z.number().int(), recall: z.number(), beyond }),
  /** Expected cost over that of pgvector's default index, at the same recall. */
  factSchema('subset-promises-less', { rows: z.number().int(), ratio: z.number() }),

  /* Built on all rows. */
  factSchema('misses-target', { settings, unmet: z.array(unmetSchema) }),
  /** It meets the target; compared with the recommendation. */
  factSchema('compared', { settings, comparison: costComparisonSchema }),
  factSchema('gave-up', { settings, buffers: z.number(), recall: z.number(), wanted: z.number() }),
  /** The most that it reached, and the lower end of the interval. */
  factSchema('recall-ends', { settings, recall: z.number(), low: z.number(), wanted: z.number(), beyond }),
  factSchema('no-usable-point', { reason: reasonSchema.nullable() }),
]);
export type WhyNot = z.infer<typeof whyNotSchema>;
