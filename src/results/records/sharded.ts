import { z } from 'zod';
import { indexSpecSchema, searchSettingsSchema } from '../../vocabulary.js';
import { partitionIndexSchema } from './build.js';
import { measurementKind } from './kind.js';
import { measuredSchema } from './point.js';
import { reasonSchema } from './reason.js';

/** What is asked of the shards: build this index on each, and answer plain queries with each of these settings, in both ways. */
const requestSchema = z.strictObject({
  spec: indexSpecSchema,
  k: z.number().int().min(1),
  settings: z.array(searchSettingsSchema).min(1),
  queries: z.number().int().min(1),
});
export type ShardedRequest = z.infer<typeof requestSchema>;

const { recall, completeness, latencyMs } = measuredSchema.shape;

const pointSchema = z.strictObject({
  settings: searchSettingsSchema,
  /** Over `postgres_fdw`, shard by shard; or by a client that asks all at once and merges. */
  way: z.enum(['foreign-tables', 'client']),
  status: z.enum(['ok', 'void', 'failed']),
  /** Null when `status` is `ok`. */
  reason: reasonSchema.nullable(),
  measured: z
    .strictObject({
      recall,
      completeness,
      latencyMs,
      /** How many times settings and plans of all shards were looked at, with this result. */
      checks: z.number().int(),
    })
    .nullable(),
});
export type ShardedPoint = z.infer<typeof pointSchema>;

/** What a shard does for a query, from EXPLAIN (ANALYZE, BUFFERS) on a sample of them. */
const workSchema = z.strictObject({ buffers: z.number(), serverMs: z.number() });

export const shardedKind = measurementKind({
  name: 'sharded',
  request: requestSchema,
  figures: {
    /** Where the index could not be built, or rows and exact answers do not agree; null: there are points. */
    reason: reasonSchema.nullable(),
    shards: z.array(
      z.strictObject({
        server: z.string(),
        rows: z.number().int(),
        /** Null for the exact scan, and where it could not be built. */
        index: partitionIndexSchema.omit({ table: true, rows: true }).nullable(),
        /** Of the build; shards were built one after the other. */
        seconds: z.number(),
      }),
    ),
    points: z.array(pointSchema),
    /** Of each setting, the work of each shard; empty for one whose plans were others. */
    work: z.array(z.strictObject({ settings: searchSettingsSchema, shards: z.array(workSchema) })),
  },
});
export type ShardedRecord = z.infer<typeof shardedKind.record>;
