import { z } from 'zod';
import { factSchema } from './fact.js';

/** How one table is read somewhere in a plan. */
export const tableScanSchema = z.strictObject({
  table: z.string(),
  /** `Index Scan`, `Bitmap Heap Scan`, `Seq Scan` … */
  type: z.string(),
  /** The indexes that lead to its rows; none for a scan of the table. A bitmap may be made of several. */
  indexes: z.array(z.string()).readonly(),
});
export type TableScan = z.infer<typeof tableScanSchema>;

/** Which plans are those of the query under test. Names are unquoted. */
export const wantedPlanSchema = z.discriminatedUnion('kind', [
  /** A scan of the table through no index. */
  z.strictObject({ kind: z.literal('table-scan') }),
  /** Every scan through one of these indexes; with `orTable`, through none is right as well. */
  z.strictObject({ kind: z.literal('one-of'), indexes: z.array(z.string()).readonly(), orTable: z.boolean() }),
  /** Scans through each of these indexes. */
  z.strictObject({ kind: z.literal('all-of'), indexes: z.array(z.string()).readonly() }),
  /** Scans through none of these indexes. */
  z.strictObject({ kind: z.literal('none-of'), indexes: z.array(z.string()).readonly() }),
  z.strictObject({ kind: z.literal('partitions'), most: z.number().int() }),
]);
export type WantedPlan = z.infer<typeof wantedPlanSchema>;

const otherPlanSchema = factSchema('other-plan', {
  wanted: wantedPlanSchema,
  got: z.array(tableScanSchema).readonly(),
});
export type OtherPlan = z.infer<typeof otherPlanSchema>;

const none = {};

/** Why a measurement is void or failed, and has no figures. */
export const reasonSchema = z.discriminatedUnion('code', [
  /** The planner chose another plan than the one under test. */
  otherPlanSchema,
  /** The plan reads none of the tables under test. */
  factSchema('table-not-read', { tables: z.array(z.string()).readonly() }),
  /** Of so many shards, those whose query had no ORDER BY or no LIMIT: they return more rows than are asked for. */
  factSchema('not-sent-to-shards', { shards: z.number().int(), of: z.number().int() }),
  factSchema('setting-not-applied', { name: z.string(), wanted: z.string(), got: z.string().nullable() }),
  /** For some of a sample of queries the server's own exact scan returns other rows than the exact answers hold. */
  factSchema('truth-mismatch', { mismatches: z.number().int(), sampled: z.number().int() }),
  /** Restarted, recovered from a crash, or its statistics were reset. */
  factSchema('server-interrupted', none),
  factSchema('rows-changed', { rows: z.number().int() }),

  factSchema('index-missing', none),
  factSchema('index-invalid', none),
  /** Its file is another one than that of the index that was built. */
  factSchema('index-replaced', none),
  factSchema('index-options-changed', {
    built: z.record(z.string(), z.string()).readonly(),
    now: z.record(z.string(), z.string()).readonly(),
  }),
  /** A build parameter in the catalog; null: it reads back as the default. */
  factSchema('parameter-not-applied', {
    name: z.string(),
    wanted: z.union([z.number(), z.string()]),
    got: z.string().nullable(),
  }),
  /** What the index says of itself in its first page is not what the catalog says. */
  factSchema('parameter-not-built', { name: z.string(), catalog: z.number(), built: z.number() }),

  /** PostgreSQL refused a statement. */
  factSchema('refused', { message: z.string(), sqlstate: z.string().nullable(), hint: z.string().nullable() }),

  factSchema('too-many-connections', { asked: z.number().int(), allowed: z.number().int() }),
  /** An open loop whose queries came faster than they were answered. `dropped` of `due` were never sent. */
  factSchema('rate-not-delivered', {
    ratePerSecond: z.number(),
    answeredPerSecond: z.number(),
    due: z.number().int(),
    dropped: z.number().int(),
  }),
  factSchema('every-query-failed', { sqlstates: z.array(z.string()).readonly() }),
  factSchema('no-query-due', none),

  /** Estimates outside of their range, by their places in the record; without them nothing can be quoted. */
  factSchema('figures-refused', { figures: z.array(z.string()).readonly() }),

  /** A recorded grid has no such point. */
  factSchema('not-recorded', none),
]);
export type Reason = z.infer<typeof reasonSchema>;

/** The plan that was chosen instead of the one under test; null where that is not the reason. */
export const planInstead = (reason: Reason | null): readonly TableScan[] | null =>
  reason?.code === 'other-plan' ? reason.data.got : null;
