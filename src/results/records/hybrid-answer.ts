import { z } from 'zod';
import { columnSchema } from '../../columns.js';
import { filterSchema } from '../../filter.js';
import { estimateSchema } from './estimate.js';
import { textLegFiguresSchema } from './fusions.js';
import { hybridDecisionSchema, hybridObstacleSchema, hybridRemarkSchema } from './hybrid-facts.js';
import { rankingSchema } from './ranking.js';
import { indexSpecSchema, searchSettingsSchema, textSpecSchema } from '../../vocabulary.js';

/** A mean difference of qualities of the same queries with its 95 % interval. */
const differenceSchema = z.strictObject({
  difference: estimateSchema,
  verdict: z.enum(['better', 'worse', 'no difference']),
});
export type Difference = z.infer<typeof differenceSchema>;

/** A way to serve hybrid queries, and what became of it. */
export const hybridOptionSchema = z.strictObject({
  /** Name of the strategy. */
  strategy: z.string(),
  text: textSpecSchema,
  /** Of the vector index; the exact scan's where none is used. */
  spec: indexSpecSchema,
  /** One leg alone: what every fusion has to beat. */
  isControl: z.boolean(),
  /**
   * `reaches` and `misses`: the target of overlap with the exact fusion, and its other bounds. `another plan`: the server chose one by itself.
   * `unsuited`: the strategy cannot serve the question. `failed`: an index could not be built, or a query was refused.
   */
  outcome: z.enum(['reaches', 'misses', 'another plan', 'unsuited', 'failed']),
  /** Why not; null for those that reach the target. */
  why: hybridObstacleSchema.nullable(),
  settings: searchSettingsSchema,
  /** Keys of its builds. */
  builds: z.array(z.string()),
  /** Key of the point whose figures are quoted; null when there are none. */
  point: z.string().nullable(),
  /**
   * nDCG against that of the option with the highest, see the decision; the intervals of all options hold together. Null
   * for that one, for what was not measured beside it, and where nobody judged.
   */
  againstHighest: differenceSchema.nullable(),
});
export type HybridOption = z.infer<typeof hybridOptionSchema>;

/** A place in a record of fusions. */
const fusionPlaceSchema = z.strictObject({ record: z.string(), position: z.number().int() });

/** How a strategy was set, from what exact legs would give. */
export const fusionChoiceSchema = z.strictObject({
  text: textSpecSchema,
  strategy: z.string(),
  /** Without settings of the index. */
  settings: searchSettingsSchema,
  /** Share of the queries that have an answer at all. */
  answered: z.number(),
  /** Of its exact answers at these settings; null where nobody judged. */
  ndcg: estimateSchema.nullable(),
  /** Queries whose exact answer holds the same rows as that of one leg alone: the fusion only orders them. */
  sameRowsAs: z.strictObject({ vector: z.number().int(), text: z.number().int() }),
  /** No row can come in for its text alone at these settings, whatever the queries: the vector leg's first k remain. */
  textShutOut: z.boolean(),
  /** What it has to beat: equal weights and defaults. */
  base: searchSettingsSchema,
  /** Every variant that was compared, with the rows of k that it has in common with the base. */
  variants: z.array(
    z.strictObject({
      settings: searchSettingsSchema,
      place: fusionPlaceSchema,
      overlapWithBase: z.number(),
      /** nDCG against the base's; null where nobody judged. */
      againstBase: differenceSchema.nullable(),
    }),
  ),
  /** What choosing brings on queries that had no part in the choice; null where nobody judged. */
  gain: differenceSchema.nullable(),
  /** Different choices that were made without each fold of the queries; null where nobody judged. */
  choicesByFold: z.number().int().nullable(),
  /** How many candidates each leg needs. */
  depths: z.array(
    z.strictObject({
      side: z.enum(['vector', 'text']),
      /** What a loss is measured in: nDCG, or the rows of k in common with the deepest legs. */
      measure: z.enum(['ndcg', 'overlap']),
      deepest: z.number().int(),
      points: z.array(z.strictObject({ depth: z.number().int(), againstDeepest: differenceSchema })),
      enough: z.number().int(),
    }),
  ),
  /** What its first rows are worth to a re-ranker, at depths from k on; none where nobody judged. */
  candidates: z.array(
    z.strictObject({
      depth: z.number().int(),
      /** Relevant rows among them over all relevant rows: what the best re-ranker could reach. */
      recall: estimateSchema,
      /** At that depth, in the order of the fusion. */
      ndcg: estimateSchema,
      /** nDCG of the first k once a re-ranker has sorted them, and the share that it scored; null without its scores. */
      reranked: z.strictObject({ ndcg: estimateSchema, scored: z.number() }).nullable(),
    }),
  ),
});
export type FusionChoice = z.infer<typeof fusionChoiceSchema>;

export const hybridAnswerSchema = z.strictObject({
  /** Share of the exact fusion's rows that has to come back. */
  recall: z.number(),
  k: z.number().int(),
  rows: z.number().int(),
  /** Queries with a text; those of them with a relevant row, null where nobody judged. */
  queries: z.number().int(),
  judged: z.number().int().nullable(),
  /** The rows that count for each query; null: all. */
  filter: z
    .strictObject({
      filter: filterSchema,
      /** That of the first query. */
      example: filterSchema,
      /** The columns that it looks at. */
      columns: z.array(columnSchema),
      /** Rows that it leaves to a query, mean over the queries. */
      meanRows: z.number(),
    })
    .nullable(),
  remarks: z.array(hybridRemarkSchema),
  fusions: z.array(fusionChoiceSchema),
  /** How much of the table each way to search the text finds. */
  textLegs: z.array(z.strictObject({ text: textSpecSchema, figures: textLegFiguresSchema })),
  /** What the text alone would be worth if BM25 ranked it, against how it is ranked; none where nobody judged. */
  bm25: z.array(z.strictObject({ text: textSpecSchema, ndcg: estimateSchema, againstRank: differenceSchema })),
  options: z.array(hybridOptionSchema),
  /** Absent in older records: the median. */
  rankedBy: rankingSchema.optional(),
  /** Position in `options` of the recommendation; null when none reaches the target. */
  best: z.number().int().nullable(),
  /** Positions of others that are as simple, and neither shown to be worse nor to cost more. */
  rivals: z.array(z.number().int()),
  /** Keys of points of each leg of the recommendation alone, at its depth; null: it has no such leg. */
  legs: z.strictObject({ vector: z.string().nullable(), text: z.string().nullable() }),
  /** Why the recommendation. */
  decision: hybridDecisionSchema,
});
export type HybridAnswer = z.infer<typeof hybridAnswerSchema>;
