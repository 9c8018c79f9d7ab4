import { z } from 'zod';

/*
 * The words that every folder shares. Each schema is the type, the validator and the documentation of its word.
 */

/** How two vectors are compared; smaller is nearer for all of them. `ip` is the negative inner product, as in pgvector. */
export const metricSchema = z.enum(['l2', 'ip', 'cosine', 'l1', 'hamming', 'jaccard']);
export type Metric = z.infer<typeof metricSchema>;

/** What the index stores: the column as it is, half precision, or one bit a dimension (re-ranked from the column). */
export const storageSchema = z.enum(['vector', 'halfvec', 'bit']);
export type Storage = z.infer<typeof storageSchema>;

/** Access method, storage and build parameters: everything that a rebuild is needed to change. */
export const indexSpecSchema = z.strictObject({
  /** A name in the registry of `indexes/`: `hnsw`, `ivfflat`, or `none` for the exact scan. */
  method: z.string(),
  storage: storageSchema,
  /** pgvector's own names: `m` and `ef_construction`, or `lists`. */
  parameters: z.record(z.string(), z.number().int()),
});
export type IndexSpec = z.infer<typeof indexSpecSchema>;

/** Everything that changes a query's answer without a rebuild, by pgvector's names without prefix: `ef_search`, `probes`. */
export const searchSettingsSchema = z.record(z.string(), z.union([z.number(), z.string()]));
export type SearchSettings = z.infer<typeof searchSettingsSchema>;

/** The shape of the query that is asked. */
export const workloadSchema = z.discriminatedUnion('kind', [
  /** The k nearest rows to a query vector, nothing else. */
  z.strictObject({ kind: z.literal('plain'), k: z.number().int().min(1) }),
]);
export type Workload = z.infer<typeof workloadSchema>;

/** What the user asks for. A bound that is absent is not asked for. */
export const targetSchema = z.strictObject({
  /** Mean recall over the workload's queries, in (0, 1]. */
  recall: z.number().gt(0).max(1),
  p95Ms: z.number().positive().optional(),
  indexBytes: z.number().positive().optional(),
  buildMemoryBytes: z.number().positive().optional(),
});
export type Target = z.infer<typeof targetSchema>;

/** Vectors as one block: row i occupies `values[i·dimensions … (i+1)·dimensions)`. */
export interface Matrix {
  readonly rows: number;
  readonly dimensions: number;
  readonly values: Float32Array;
}
