import { z } from 'zod';
import { filterSchema } from '../../filter.js';
import { measurementKind } from './kind.js';
import { judgedSchema } from './point.js';
import { searchSettingsSchema, textSpecSchema } from '../../vocabulary.js';

/** What is asked of both legs' exact answers: which ranking does each of these fusions make of them? Takes no times. */
const requestSchema = z.strictObject({
  /** Key of the build of the text index. */
  build: z.string(),
  k: z.number().int().min(1),
  text: textSpecSchema,
  /** The rows that count; absent: all. */
  filter: filterSchema.optional(),
  /** What ranks the text's matches instead of its own rank; absent: nothing else. */
  textScore: z.enum(['bm25']).optional(),
  /** Also how much of the table the text finds, at the settings of `text-only`, which is then one of the fusions. */
  describesText: z.literal(true).optional(),
  /** Also how good the first so many rows are once a re-ranker's scores have sorted all k. */
  rerankTo: z.number().int().min(1).optional(),
  fusions: z.array(z.strictObject({ strategy: z.string(), settings: searchSettingsSchema })).min(1),
});
export type FusionsRequest = z.infer<typeof requestSchema>;

/** What the text alone finds. */
export const textLegFiguresSchema = z.strictObject({
  /** Queries whose text no row matches. */
  withoutMatch: z.number().int(),
  /** Rows that match one query's text, over all queries. */
  matches: z.strictObject({ mean: z.number(), median: z.number(), max: z.number().int() }),
  /** Queries with a word that half of the rows have, or more. */
  withFrequentWord: z.number().int(),
  /** Such words, those first that most rows have. */
  frequentWords: z.array(z.strictObject({ word: z.string(), rows: z.number().int() })),
});
export type TextLegFigures = z.infer<typeof textLegFiguresSchema>;

/** Rankings of exact legs: no index of the vectors had a part in them. */
export const fusionsKind = measurementKind({
  name: 'fusions',
  request: requestSchema,
  figures: {
    /** Queries with a text, in the run's order. */
    queries: z.number().int(),
    /** Where it was asked. */
    textLeg: textLegFiguresSchema.optional(),
    /** Of each fusion, in the order asked. */
    fusions: z.array(
      z.strictObject({
        /** Row numbers, best first, k for each query, −1 where there are fewer: Int32, little-endian, in base64. */
        rankings: z.string(),
        /** Null when the dataset has no judgements. */
        judged: judgedSchema.nullable(),
        /** Where it was asked: quality after re-ranking, and the share of the rows that the re-ranker scored. */
        reranked: z.strictObject({ judged: judgedSchema.nullable(), scored: z.number() }).optional(),
      }),
    ),
  },
});
export type FusionsRecord = z.infer<typeof fusionsKind.record>;
