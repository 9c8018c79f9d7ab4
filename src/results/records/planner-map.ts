import { z } from 'zod';
import { measurementKind } from './kind.js';
import { searchSettingsSchema } from '../../vocabulary.js';

/** What is asked of a build: where does the planner leave its index? */
const requestSchema = z.strictObject({
  /** Key of the build record. */
  build: z.string(),
  /** Rows that the index is asked for, and the settings of the search; each axis varies one of them. */
  k: z.number().int().min(1),
  settings: searchSettingsSchema,
});
export type PlannerMapRequest = z.infer<typeof requestSchema>;

/** Values of an axis, both ends included, at which the planner reads the table in the same way. */
const planStretchSchema = z.strictObject({
  from: z.number().int(),
  to: z.number().int(),
  plan: z.enum(['index', 'sequential', 'parallel sequential', 'other']),
});

/** Where the planner takes the index, and where not. Nothing was executed for it. */
export const plannerMapKind = measurementKind({
  name: 'planner-map',
  request: requestSchema,
  figures: {
    /** What the planner knew of the table: its row estimate, and pages. */
    table: z.strictObject({ rows: z.number(), heapPages: z.number().int(), indexPages: z.number().int() }),
    axes: z.array(
      z.strictObject({
        /** A search setting such as `ef_search`, `LIMIT`, or `selectivity` in hundredths of a percent of the rows. */
        name: z.string(),
        /** Its value in the request. */
        at: z.number(),
        /** By the cost model; null for versions of the extension with another one. */
        predicted: z.array(planStretchSchema).nullable(),
        /** By EXPLAIN. */
        measured: z.array(planStretchSchema),
        /** Values that EXPLAIN was asked at. */
        explains: z.number().int(),
      }),
    ),
  },
});
export type PlannerMapRecord = z.infer<typeof plannerMapKind.record>;
