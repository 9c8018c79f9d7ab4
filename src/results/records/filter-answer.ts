import { z } from 'zod';
import { columnSchema } from '../../columns.js';
import { filterSchema, joinSchema } from '../../filter.js';
import { returnedSchema } from '../../returns.js';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';
import { estimateSchema } from './estimate.js';
import { filterObstacleSchema, filterShortfallSchema } from './filter-obstacle.js';
import { rankingSchema } from './ranking.js';

/** A strategy for the queries of one filter, and what became of it. */
export const filterOptionSchema = z.strictObject({
  /** Name of the strategy. */
  strategy: z.string(),
  /** Of its vector index; the exact scan's when it has none. */
  spec: indexSpecSchema,
  /**
   * `reaches` and `misses`: the target of recall. `another plan`: the server chose one by itself; figures are those of a
   * plan that was forced, if there are any. `unsuited`: the strategy cannot serve the filter. `failed`: an index could
   * not be built, or a query was refused.
   */
  outcome: z.enum(['reaches', 'misses', 'another plan', 'unsuited', 'failed']),
  /** Why not; null for those that reach the target. */
  why: filterObstacleSchema.nullable(),
  settings: searchSettingsSchema,
  /** Keys of its builds; none when it needs no index. */
  builds: z.array(z.string()),
  /** Key of the point whose figures are quoted; null when there are none. */
  point: z.string().nullable(),
});
export type FilterOption = z.infer<typeof filterOptionSchema>;

/** What was found for one filter. */
export const filterAnswerSchema = z.strictObject({
  /** As the user calls it; null for a cell of the grid. */
  name: z.string().nullable(),
  filter: filterSchema,
  join: joinSchema.nullable(),
  /** What of the nearest rows is returned; absent: the k nearest. */
  returns: returnedSchema.optional(),
  /** The filter with the values of one query. */
  example: filterSchema,
  /** The columns that the filter and its join look at. */
  columns: z.array(columnSchema),
  /** As asked, for a place on the grid. */
  cell: z.strictObject({ selectivity: z.number(), correlation: z.number() }).nullable(),
  /** As it is; the correlation is null when every row matches. */
  achieved: z.strictObject({
    selectivity: z.number(),
    min: z.number(),
    max: z.number(),
    correlation: z.number().nullable(),
    /** Median of the queries, where the correlation is that of their means; absent as the next is. */
    median: z.number().optional(),
    /** Of the middle half of the queries, each by itself; absent when every row matches, and in earlier answers. */
    middleHalf: z.tuple([z.number(), z.number()]).optional(),
    queries: z.number().int(),
    /** Different filters among the queries. */
    filters: z.number().int(),
  }),
  /** What the data could not give. */
  shortfalls: z.array(filterShortfallSchema),
  options: z.array(filterOptionSchema),
  rankedBy: rankingSchema,
  /**
   * Position in `options` of the cheapest that reaches the target; of several that are as cheap, the one that takes least
   * beside: work, storage, time to build, copies of data. Null when none reaches it.
   */
  best: z.number().int().nullable(),
  /** Positions of others that are not shown to cost more. */
  rivals: z.array(z.number().int()),
  /** Of these, the ones that another run may find cheaper; absent in earlier answers. */
  undecided: z.array(z.number().int()).optional(),
  /** Work of others was seen while they were compared: by so much more a rival has to cost to be shown to. Absent: none was. */
  loadMargin: z.number().optional(),
  /** Key of the point of the vector index at its defaults, without iterative scan; null when it could not be measured. */
  today: z.string().nullable(),
  /** Key of the record of all pages, at the best option; absent where no page is asked for. */
  pages: z.string().optional(),
});
export type FilterAnswer = z.infer<typeof filterAnswerSchema>;

/** A strategy on one kind of vector index: `method` is `none` where it has no such index. */
const strategyOnSchema = z.strictObject({ strategy: z.string(), method: z.string() });
export type StrategyOn = z.infer<typeof strategyOnSchema>;

/** Along one correlation: where the cheapest strategy changes. */
const crossoverSchema = z.strictObject({
  /** As asked. */
  correlation: z.number(),
  /** Null: none reaches the target there. */
  below: strategyOnSchema.nullable(),
  above: strategyOnSchema.nullable(),
  /**
   * `cost`: both were measured side by side at the places on either side, and the ratio of their costs passes 1. `reach`: one
   * of them reaches the target on one side only; the interval are the two places.
   */
  kind: z.enum(['cost', 'reach']),
  selectivity: estimateSchema,
});

export const filteredAnswerSchema = z.strictObject({
  recall: z.number(),
  rows: z.number().int(),
  filters: z.array(filterAnswerSchema),
  crossovers: z.array(crossoverSchema),
});
export type FilteredAnswer = z.infer<typeof filteredAnswerSchema>;
