import { z } from 'zod';
import { searchSettingsSchema, workloadSchema } from '../../vocabulary.js';
import { estimateSchema } from './estimate.js';
import { measurementKind } from './kind.js';
import { reasonSchema } from './reason.js';

/** What is asked of a build: all pages up to that of the workload, one after the other, as somebody who reads on does. */
const requestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  /** Keys of other builds whose indexes serve it as well; none when absent. */
  beside: z.array(z.string()).optional(),
  /** A filtered one that returns a page. */
  workload: workloadSchema,
  settings: searchSettingsSchema,
  /** Queries that are walked through, the first ones. */
  queries: z.number().int().min(1),
});
export type PagesRequest = z.infer<typeof requestSchema>;

const pageSchema = z.strictObject({
  /** Counted from 1. */
  page: z.number().int(),
  /** Of the exact rows of this page, over the queries that have any. */
  recall: estimateSchema,
  /** Rows that came of those that exist, mean. */
  completeness: z.number(),
  medianMs: z.number(),
  p95Ms: z.number(),
});

/** Over the queries: rows a query, and queries with any. */
const rowsSchema = z.strictObject({ mean: z.number(), queries: z.number().int() });

const walkSchema = z.strictObject({
  by: z.enum(['offset', 'keyset']),
  /** Why it has no figures; null when it has. */
  reason: reasonSchema.nullable(),
  pages: z.array(pageSchema),
  /** Exact rows of these pages that came on none of them. */
  lost: rowsSchema,
  /** Rows that came on more than one page, counted once for each page too many. */
  repeated: rowsSchema,
});
export type PageWalk = z.infer<typeof walkSchema>;

export const pagesKind = measurementKind({
  name: 'pages',
  request: requestSchema,
  figures: { queries: z.number().int(), walks: z.array(walkSchema) },
});
export type PagesRecord = z.infer<typeof pagesKind.record>;
