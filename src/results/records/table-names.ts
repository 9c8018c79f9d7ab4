import { z } from 'zod';

/** What a table and its columns are called where the rows came from, each as SQL writes it: `app`, `"Items"`. */
export const tableNamesSchema = z.strictObject({
  schema: z.string(),
  table: z.string(),
  /** Of the vectors. */
  column: z.string(),
  /** The column that statements return: the primary key, or else the first column beside the vectors. */
  key: z.string(),
  /** Whether `key` is the primary key, the whole of it. */
  isPrimaryKey: z.boolean(),
  /** Of the text to search; null when there is none. */
  text: z.string().nullable(),
  /** The planner's count; null where it has none. */
  rows: z.number().nullable(),
});
export type TableNames = z.infer<typeof tableNamesSchema>;
