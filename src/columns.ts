import { z } from 'zod';

/** What kind of values a column of attributes holds. Dates are ISO 8601 text; `json` is anything else or a mixture. */
export const columnTypeSchema = z.enum(['number', 'text', 'boolean', 'date', 'text[]', 'json']);
export type ColumnType = z.infer<typeof columnTypeSchema>;

/** A column beside the vectors. */
export const columnSchema = z.strictObject({ name: z.string(), type: columnTypeSchema }).readonly();
export type Column = z.infer<typeof columnSchema>;
