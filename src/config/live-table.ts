import { z } from 'zod';
import { parseMs } from '../units.js';
import { quantity } from './quantity.js';

/** A table in use, which is only read: a sample of its rows is the dataset. */
export const liveTableSchema = z.strictObject({
  table: z.string().min(1).describe('A table or a view as in SQL, with its schema: app.items.'),
  server: z
    .string()
    .default('env')
    .describe('The server that has it: `env` or postgres://user@host/database. It is only read.'),
  column: z.string().min(1).optional().describe('Column of vectors. Default: the only one.'),
  where: z.string().min(1).optional().describe('Only rows that meet this SQL condition.'),
  rows: z
    .number()
    .int()
    .min(1)
    .default(100_000)
    .describe('Rows to sample, at most; a tenth of them, at most 10,000, are drawn besides as queries.'),
  attributes: z
    .array(z.string().min(1))
    .optional()
    .describe('Columns to keep for filters, also of a table that it refers to: documents.tenant_id.'),
  text: z.string().min(1).optional().describe('Column of the text to search, for hybrid queries.'),
  control: z
    .number()
    .int()
    .min(0)
    .default(100)
    .describe(
      'Queries that its existing index is measured with, to be compared with; each is one exact scan there. 0: none.',
    ),
  deadline: quantity(parseMs).prefault('30s').describe('What one statement on that server may take.'),
});
export type LiveTableConfig = z.output<typeof liveTableSchema>;
