import { z } from 'zod';

/** A column of another table that each row was sampled with, and the way there. Names are not quoted. */
const sampledColumnSchema = z.strictObject({
  /** The attribute of the rows. */
  name: z.string(),
  column: z.string(),
  /** As SQL writes it. */
  type: z.string(),
  /** From the sampled table on; the last has the column. */
  steps: z.array(
    z.strictObject({
      schema: z.string(),
      table: z.string(),
      /** Columns that are equal: of the table before, and of this one. */
      on: z.array(z.strictObject({ from: z.string(), to: z.string() })),
    }),
  ),
});
export type SampledColumn = z.infer<typeof sampledColumnSchema>;

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
  /** Columns of other tables that the sample has as columns of its own; runs of old do not say. */
  joined: z.array(sampledColumnSchema).optional(),
});
export type TableNames = z.infer<typeof tableNamesSchema>;
