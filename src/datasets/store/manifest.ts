import { z } from 'zod';
import { columnSchema } from '../../columns.js';
import { metricSchema } from '../../vocabulary.js';

/** Dimensions of the largest `vector` that pgvector can store (`VECTOR_MAX_DIM` in its `src/vector.h`). */
export const MAX_DIMENSIONS = 16_000;

const count = z.number().int().min(0);

/** A number that `halfvec` cannot hold: the server would refuse the row, or the query. */
const beyondHalfSchema = z
  .strictObject({
    table: z.enum(['base', 'queries']),
    /** Of the source, counting from 0. */
    row: count,
    value: z.number(),
  })
  .readonly();

/** What the import found out about the vectors while it wrote them. */
export const vectorChecksSchema = z
  .strictObject({
    /** Rows whose vector equals, bit for bit, that of an earlier row. */
    duplicateRows: count,
    /** Vectors without direction: cosine distance is not defined for them and pgvector does not index them for it. */
    zeroRows: count,
    zeroQueries: count,
    /** Queries whose vector is also that of a row: they find themselves, which flatters recall. */
    queriesInBase: count,
    /** The first one; absent when there is none. */
    beyondHalf: beyondHalfSchema.optional(),
  })
  .readonly();
export type VectorChecks = z.infer<typeof vectorChecksSchema>;

/** What a stored dataset says about itself: `manifest.json` beside its files. */
export const manifestSchema = z
  .strictObject({
    version: z.literal(1),
    name: z.string(),
    /**
     * SHA-256 over vectors, queries, ids, attributes, texts, declared neighbours and metric: equal hash, equal data.
     */
    hash: z.string(),
    rows: z.number().int().min(1),
    dimensions: z.number().int().min(1).max(MAX_DIMENSIONS),
    queries: z.number().int().min(1),
    /** true: the queries were taken out of the base at random; false: they came with the source. */
    queriesHeldOut: z.boolean(),
    /** The metric that the data was made for; null when the source does not say. */
    metric: metricSchema.nullable(),
    synthetic: z.boolean(),
    columns: z.array(columnSchema).readonly(),
    /** Name of the column that holds the text to search, if any. */
    textColumn: z.string().nullable(),
    checks: vectorChecksSchema,
    /** What it was made from, for people: a file's name and hash, or the generator's settings. */
    source: z.unknown(),
  })
  .readonly();
export type DatasetManifest = z.infer<typeof manifestSchema>;
