import { z } from 'zod';
import { indexSpecSchema } from '../../vocabulary.js';
import { factSchema } from './fact.js';
import { reasonSchema } from './reason.js';
import { unmetSchema } from './unmet.js';

const none = {};

/** Why a strategy cannot serve the queries of a filter, known before anything is built. */
const filterLimitSchema = z.discriminatedUnion('code', [
  /** No btree or GIN index can find the rows that the filter leaves. */
  factSchema('no-index-for-filter', none),
  /** The primary key finds them: what a table without further indexes does is `pre-filter`. */
  factSchema('found-by-primary-key', none),
  factSchema('not-a-range', none),
  /** Every row counts: an index over some of them is none over fewer. */
  factSchema('no-filter', none),
  /** No row has the value: nobody has an index or a partition for it. */
  factSchema('no-rows', none),
  /** The rows that the joined table leads to lie anywhere in the table. */
  factSchema('joined-rows-scattered', { table: z.string() }),
  factSchema('no-vector-index', none),
  factSchema('needs-reranking', { spec: indexSpecSchema }),
  factSchema('no-iterative-scan', { method: z.string(), mode: z.string() }),
  factSchema('iterative-scan-too-new', { since: z.string(), pgvector: z.string() }),
  factSchema('predicate-on-joined-columns', { table: z.string() }),
  factSchema('too-many-indexes', { filters: z.number().int(), most: z.number().int() }),
  /** The smallest class has too few rows for these build parameters. */
  factSchema('conflicting-parameters', { spec: indexSpecSchema, rows: z.number().int() }),
  /** Every class is smaller, or none is: nothing to distinguish. */
  factSchema('all-classes-small', { rows: z.number().int() }),
  factSchema('all-classes-large', { rows: z.number().int() }),
  factSchema('no-equality', none),
  /** No condition that must hold has both a beginning and an end. */
  factSchema('no-window', none),
  factSchema('partition-by-joined-column', { table: z.string() }),
  factSchema('partition-with-join', none),
  factSchema('merged-out-of-order', none),
  factSchema('too-many-partitions', { values: z.number().int(), most: z.number().int() }),
  factSchema('no-join', none),
  factSchema('orphaned-rows', { rows: z.number().int(), key: z.string() }),
]);
export type FilterLimit = z.infer<typeof filterLimitSchema>;

/** Why a strategy that was measured misses the target. */
const filterMissSchema = z.discriminatedUnion('code', [
  factSchema('not-measured', none),
  /** The recall is reached; other bounds of the target are not shown to be met, by all indexes of the strategy together. */
  factSchema('bounds-unmet', { unmet: z.array(unmetSchema) }),
  /** The best of its points. */
  factSchema('recall-missed', {
    recall: z.number(),
    /** Mean share of the rows that exist that came back. */
    completeness: z.number(),
    medianMs: z.number(),
    /** `highest`: no higher settings are left. `expensive`: they were left out, for another strategy is that much quicker. */
    ended: z.enum(['highest', 'expensive', 'often']),
    timesSlower: z.number().nullable(),
  }),
]);
export type FilterMiss = z.infer<typeof filterMissSchema>;

/** Why a strategy is not the choice for a filter. */
export const filterObstacleSchema = z.union([filterLimitSchema, filterMissSchema, reasonSchema]);
export type FilterObstacle = z.infer<typeof filterObstacleSchema>;

/** What the data could not give of a filter that was asked for. */
export const filterShortfallSchema = z.discriminatedUnion('code', [
  factSchema('no-own-value', { column: z.string(), queries: z.number().int(), of: z.number().int() }),
  factSchema('nothing-so-selective', { column: z.string(), selectivity: z.number() }),
  factSchema('other-correlation', {
    column: z.string(),
    /** Mean share of the rows that the values leave. */
    selectivity: z.number(),
    reached: z.number(),
    asked: z.number(),
  }),
  factSchema('shorter-than-window', { column: z.string(), days: z.number() }),
  factSchema('no-value-of-so-many-rows', { column: z.string(), rows: z.number().int() }),
  /** Of the k rows that are asked for, as many as are near enough: a mean, queries with none of them and with all. */
  factSchema('cut-by-threshold', {
    within: z.number(),
    mean: z.number(),
    k: z.number().int(),
    none: z.number().int(),
    full: z.number().int(),
    of: z.number().int(),
  }),
  factSchema('no-row-left', { queries: z.number().int(), of: z.number().int() }),
]);
export type FilterShortfall = z.infer<typeof filterShortfallSchema>;
