import { z } from 'zod';
import { measurementKind } from './kind.js';

/** What is asked of a build: how much does it add to a write? Asked last, for it leaves dead entries in the index. */
const requestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  /** Keys of other builds whose indexes are kept up with it; none when absent. */
  beside: z.array(z.string()).optional(),
});
export type WritesRequest = z.infer<typeof requestSchema>;

const costSchema = z.strictObject({ walBytes: z.number(), ms: z.number() });

/** With these indexes on the table and no others but the primary key; and without them. A row each. */
const sides = { with: costSchema, without: costSchema };

/** What writing a row costs; medians over several rounds on one backend, all rolled back. */
export const writesKind = measurementKind({
  name: 'writes',
  request: requestSchema,
  figures: {
    /** Rows of a round. */
    rows: z.number().int(),
    rounds: z.number().int(),
    /** Of an INSERT. */
    ...sides,
    /** Of an UPDATE of the vector; absent where the table has none, and in runs of former versions. */
    update: z.strictObject(sides).optional(),
    /** Of a DELETE; absent in runs of former versions. */
    delete: z.strictObject(sides).optional(),
  },
});
export type WriteCost = z.infer<typeof costSchema>;
export type WritesRecord = z.infer<typeof writesKind.record>;
