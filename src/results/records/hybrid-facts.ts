import { z } from 'zod';
import { factSchema } from './fact.js';
import { reasonSchema } from './reason.js';
import { unmetSchema } from './unmet.js';

const count = z.number().int();

const limits = [
  /** The text index gives rows in an order of its own; it cannot give all that match. */
  factSchema('ordered-text-index', { method: z.string() }),
] as const;

/** Why a strategy cannot serve a question. */
export const hybridLimitSchema = z.discriminatedUnion('code', [...limits]);
export type HybridLimit = z.infer<typeof hybridLimitSchema>;

/** Why a strategy is not an answer for hybrid queries. */
export const hybridObstacleSchema = z.discriminatedUnion('code', [
  ...limits,
  factSchema('no-query-matches', {}),
  factSchema('not-measured', {}),
  /** Every query began with the filter: the index of the vectors had no part in it. */
  factSchema('vector-index-unused', {}),
  /** Share of the exact fusion's rows that came back, at best. */
  factSchema('rows-missed', { share: z.number(), medianMs: z.number() }),
  /** The share is that of the target or more, which so few queries do not show; `needs` of them may. */
  factSchema('rows-not-shown', { share: z.number(), queries: z.number().int(), needs: z.number().int() }),
  /** The recall is reached; other bounds of the target are not shown to be met, by all indexes of the strategy together. */
  factSchema('bounds-unmet', { unmet: z.array(unmetSchema) }),
  reasonSchema,
]);
export type HybridObstacle = z.infer<typeof hybridObstacleSchema>;

/** What a reader must know of queries, texts and judgements. */
export const hybridRemarkSchema = z.discriminatedUnion('code', [
  factSchema('queries-without-text', { queries: count }),
  /** They have no value of their own, or no row has the same. */
  factSchema('queries-without-filter', { queries: count, of: count }),
  /** They name queries or rows that the dataset does not have. */
  factSchema('unknown-judgements', {
    judgements: count,
    /** The first of them; absent in older records. */
    first: z.array(z.strictObject({ query: z.string(), row: z.string() })).optional(),
  }),
  factSchema('queries-without-relevant-row', { queries: count, of: count }),
  /** The target is met for the queries at hand; to show it for others like them takes more. */
  factSchema('recall-of-these-queries', { queries: count, needs: count }),
  /** The text search configuration, and what the texts seem to be: null where only their script is known. */
  factSchema('other-language', { language: z.string(), texts: z.string().nullable(), script: z.string() }),
  /** A script whose words PostgreSQL's parser does not find. */
  factSchema('words-without-spaces', { script: z.string() }),
]);
export type HybridRemark = z.infer<typeof hybridRemarkSchema>;

/** Positions of options. */
const options = z.array(count);

/** Quality and simplicity of what was measured side by side. */
const judgedSchema = {
  /** Position of the option with the highest nDCG. */
  highest: count,
  /** Other options that are not shown to be worse than any. */
  notWorse: options,
  /** About so many judged queries would show a loss that the target does not allow; null where it is shown. */
  queriesNeeded: count.nullable(),
  /** Whose exact answers have a higher nDCG than the recommendation's, but which did not reach the target. */
  betterUnmeasured: z.array(z.strictObject({ option: count, ndcg: z.number() })),
};

/** Why the recommendation. */
export const hybridDecisionSchema = z.discriminatedUnion('code', [
  factSchema('nothing-reaches', {}),
  /** The first fusion named; those that are cheaper give other answers. */
  factSchema('not-judged', { quicker: options }),
  /** No fusion is shown to be better than one leg alone. */
  factSchema('one-leg', judgedSchema),
  /** Each leg alone is shown to be worse than some fusion; this one is the cheapest not shown to be worse than any. */
  factSchema('fusion', judgedSchema),
]);
export type HybridDecision = z.infer<typeof hybridDecisionSchema>;
