import { z } from 'zod';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';
import { estimateSchema } from './estimate.js';
import { measurementKind } from './kind.js';

const rows = z.number().int().min(0);

/** What is asked: how does an index wear while the rows change, and what does upkeep give back? */
const requestSchema = z.strictObject({
  spec: indexSpecSchema,
  settings: searchSettingsSchema,
  k: z.number().int().min(1),
  rounds: z.number().int().min(1),
  /** Rows that a round changes, as a share of the rows at the start. */
  turnover: z.number().gt(0).max(1),
  /** Shares of the changes; their sum is 1. */
  mix: z.strictObject({ insert: z.number().min(0), update: z.number().min(0), delete: z.number().min(0) }),
  /** `drifting`: new vectors drift away from the initial ones. */
  arrival: z.enum(['random', 'drifting']),
  /** Changes a second; null: as fast as one connection writes. */
  changesPerSecond: z.number().positive().nullable(),
  queries: z.number().int().min(1),
});
export type ChurnRequest = z.infer<typeof requestSchema>;

const searchesBesideSchema = z.strictObject({
  queries: z.number().int(),
  /** Client wall time, milliseconds. */
  p50Ms: z.number(),
  p95Ms: z.number(),
});

const stateSchema = z.strictObject({
  /** What was done to come here. */
  after: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('build'), seconds: z.number() }),
    z.strictObject({
      kind: z.literal('changes'),
      inserted: rows,
      updated: rows,
      deleted: rows,
      seconds: z.number(),
      /** Searches by a second connection meanwhile; null where the server has one session. */
      beside: searchesBesideSchema.nullable(),
    }),
    z.strictObject({ kind: z.literal('vacuum'), seconds: z.number() }),
    z.strictObject({ kind: z.literal('reindex'), seconds: z.number(), concurrently: z.boolean() }),
  ]),
  /** Rows changed since the start. */
  changed: rows,
  rows,
  /** Updated or deleted since the last VACUUM: as many old versions are in table and index. */
  deadRows: rows,
  tableBytes: z.number(),
  indexBytes: z.number(),
  /** With no writes beside; null when the planner did not use the index, or the figures are void. */
  searches: z
    .strictObject({
      recall: estimateSchema,
      /** Rows returned over rows that exist, min(k, rows): mean over queries. */
      completeness: z.number(),
      /** 8 kB pages that a query reads. */
      buffers: estimateSchema,
      /** Client wall time with warm caches, milliseconds; null for too few queries. */
      p50Ms: estimateSchema.nullable(),
      p95Ms: estimateSchema.nullable(),
    })
    .nullable(),
});
export type ChurnState = z.infer<typeof stateSchema>;

/** The states of one index on one table, in the order of time: built, changed in rounds, vacuumed, built again. */
export const churnKind = measurementKind({
  name: 'churn',
  request: requestSchema,
  figures: { startRows: rows, states: z.array(stateSchema).min(1) },
});
export type ChurnRecord = z.infer<typeof churnKind.record>;
