import { z } from 'zod';

/** Something worth a sentence in the report: a build that spilled, a setting that spoils figures. */
export const findingSchema = z.strictObject({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  text: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;
