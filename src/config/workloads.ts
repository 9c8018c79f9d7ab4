import { z } from 'zod';
import { type Filter, filterSchema, joinSchema } from '../filter.js';
import { returnsSchema } from '../returns.js';
import { searchSettingsSchema } from '../vocabulary.js';

/** One value or a list of them; a list of one when a single value was given. */
const several = <Schema extends z.ZodType>(one: Schema) =>
  z.union([one.transform((value) => [value]), z.array(one).min(1)]);

const names = (what: string) =>
  z
    .union([z.literal('all'), z.array(z.string()).min(1)])
    .default('all')
    .describe(what);

const filteredSchema = z
  .strictObject({
    filters: z
      .union([z.literal('none'), z.record(z.string().min(1), filterSchema)])
      .optional()
      .describe(
        'Filters by name: your own queries; `none`: every row counts. Absent: values are drawn on a grid of selectivity and correlation.',
      ),
    column: several(z.string().min(1))
      .optional()
      .describe('Columns whose values are drawn for the grid. Default: every one that can be filtered by.'),
    selectivity: several(z.number().gt(0).lt(1))
      .default([0.5, 0.1, 0.01, 0.001])
      .describe('Shares of the rows that a filter leaves.'),
    correlation: several(z.number().min(-1).max(1))
      .default([-0.5, 0, 0.8])
      .describe('Where the matching rows are, relative to the query: 1 all around it, 0 anywhere, -1 elsewhere.'),
    join: joinSchema
      .optional()
      .describe('The filter’s columns are in another table: {table: documents, key: document, columns: [status]}.'),
    returns: returnsSchema
      .optional()
      .describe(
        'What of the nearest rows is returned: {within: 0.35}, those nearer than this; {distinct: document}, the nearest of each of k documents; {page: 5}, the fifth k of them. Absent: the k nearest.',
      ),
    strategies: names('Strategies to compare: `all`, or their names.'),
  })
  .describe('The nearest among the rows that a WHERE leaves.');

/** `tenant`: the rows whose tenant is the query's own. */
const column = z
  .string()
  .min(1)
  .transform((name): Filter => ({ column: name, op: '=', value: { draw: 'own' } }));

const hybridSchema = z
  .strictObject({
    text: z.string().min(1).optional().describe('Column of the text. Default: the one that the dataset names.'),
    language: z.string().default('english').describe('Text search configuration of the server.'),
    legs: z
      .array(z.string())
      .min(1)
      .default(['tsvector'])
      .describe('Ways to search the text: tsvector, trigram, trigram-match, bm25.'),
    fusion: names('Ways to make one ranking of both: `all`, or their names.'),
    filter: z
      .union([column, filterSchema])
      .optional()
      .describe(
        'Which rows count, beside vector and text: a column, for the value that the query itself has there (tenant), or a filter.',
      ),
    settings: searchSettingsSchema
      .default({})
      .describe(
        'Parts of the statement that are given, such as {text_rank: ts_rank_cd, text_normalization: 32, vector_weight: 0.7}; what is not, is chosen.',
      ),
    judgements: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Which rows are relevant to which query, a file in TREC’s form (`query 0 row grade`). Default: the member `relevant` of the queries, if they have it.',
      ),
    rerank_scores: z
      .string()
      .min(1)
      .optional()
      .describe(
        'Scores of a re-ranker such as a cross-encoder, a file of lines `query row score` or a TREC run: what the fusions are worth as its candidates. Needs judgements.',
      ),
  })
  .describe('The best for a query’s vector and its text.');

/** `- plain` says as much as `- plain: {}`. */
const byNameSchema = z.enum(['plain', 'filtered', 'hybrid']).transform((kind) => {
  switch (kind) {
    case 'plain':
      return { plain: {} };
    case 'filtered':
      return { filtered: filteredSchema.parse({}) };
    case 'hybrid':
      return { hybrid: hybridSchema.parse({}) };
  }
});

const workloadEntrySchema = z.union([
  byNameSchema,
  z.strictObject({ plain: z.strictObject({}) }),
  z.strictObject({ filtered: filteredSchema }),
  z.strictObject({ hybrid: hybridSchema }),
]);

export const workloadsSchema = z.array(workloadEntrySchema).min(1).prefault(['plain']);

export type FilteredConfig = z.output<typeof filteredSchema>;
export type HybridConfig = z.output<typeof hybridSchema>;
export type WorkloadConfig = z.output<typeof workloadEntrySchema>;

/** The filtered workloads of a configuration, in the order written. */
export const filteredWorkloads = (workloads: readonly WorkloadConfig[]): readonly FilteredConfig[] =>
  workloads.flatMap((entry) => ('filtered' in entry ? [entry.filtered] : []));

/** The hybrid workloads of a configuration, in the order written. */
export const hybridWorkloads = (workloads: readonly WorkloadConfig[]): readonly HybridConfig[] =>
  workloads.flatMap((entry) => ('hybrid' in entry ? [entry.hybrid] : []));
