import { z } from 'zod';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';

/** An index with settings that was measured: the records to look its figures up in. */
export const choiceSchema = z.strictObject({
  spec: indexSpecSchema,
  settings: searchSettingsSchema,
  /** Key of the build record. */
  build: z.string(),
  /** Key of the point record whose figures are quoted. */
  point: z.string(),
  /** Key of the point record with the answers to more queries, whose recall is quoted; absent: there is none. */
  shownBy: z.string().optional(),
});
export type Choice = z.infer<typeof choiceSchema>;
