import { z } from 'zod';
import { measurementKind } from './kind.js';
import { reasonSchema } from './reason.js';
import { searchSettingsSchema, workloadSchema } from '../../vocabulary.js';

/** What is asked of a build: at which of these settings is the plan the one under test? Nothing is executed. */
const requestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  workload: workloadSchema,
  settings: z.array(searchSettingsSchema).min(1),
});
export type PlansRequest = z.infer<typeof requestSchema>;

export const plansKind = measurementKind({
  name: 'plans',
  request: requestSchema,
  figures: {
    /** Of each settings, why its plan is another one; null: it is the one under test. */
    reasons: z.array(reasonSchema.nullable()),
  },
});
export type PlansRecord = z.infer<typeof plansKind.record>;
