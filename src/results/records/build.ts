import { z } from 'zod';
import { shortHash } from '../../canonical-json.js';
import { measurementKind } from './kind.js';
import { reasonSchema } from './reason.js';
import { findingSchema } from './finding.js';
import { indexSpecSchema, columnIndexSpecSchema, placementSchema, textSpecSchema } from '../../vocabulary.js';

/** What is asked of a server once: build this index. With `columnIndex` or `text`, that one; `spec` is then the exact scan's. */
const requestSchema = z.strictObject({
  spec: indexSpecSchema,
  /** Tells identical builds apart. */
  repeat: z.number().int().min(0),
  /** Rows of a random subset of the table to build on; all of them when absent. */
  rows: z.number().int().min(1).optional(),
  /** Where the vector index is put; over the whole table when absent. */
  placement: placementSchema.optional(),
  columnIndex: columnIndexSpecSchema.optional(),
  text: textSpecSchema.optional(),
});
export type BuildRequest = z.infer<typeof requestSchema>;

/** An index as the catalog describes it. */
const indexFactsSchema = z.strictObject({
  name: z.string(),
  definition: z.string(),
  opclass: z.string(),
  reloptions: z.record(z.string(), z.string()),
  valid: z.boolean(),
  bytes: z.number(),
  /** Number of its file: another one says that the index was built anew behind our back. */
  filenode: z.number().optional(),
  /** Build parameters as on its first page; null where it could not be read. */
  metapage: z.record(z.string(), z.number()).nullable().optional(),
});
export type BuiltIndex = z.infer<typeof indexFactsSchema>;

/** An index on one partition of the run's table. */
export const partitionIndexSchema = indexFactsSchema.extend({
  /** The partition, unquoted. */
  table: z.string(),
  /** That the partition had when the index was built. */
  rows: z.number(),
});
export type PartitionIndex = z.infer<typeof partitionIndexSchema>;

export const buildKind = measurementKind({
  name: 'build',
  request: requestSchema,
  /** The index is named after it. */
  key: (request: BuildRequest) =>
    `${request.columnIndex?.method ?? request.text?.method ?? request.spec.method}-${shortHash(request)}`,
  figures: {
    /** 1, or more when the index had to be built again for a resumed run: then the graph is another one. */
    attempt: z.number().int().min(1),
    status: z.enum(['ok', 'failed']),
    /** Why it failed; null when it did not. */
    reason: reasonSchema.nullable(),
    /**
     * As read back from the catalog after the build; null for the exact scan and for failures. Of an index that was put in
     * several places: the first of them, with the bytes of all. Of one on a partitioned table: the partitioned index, likewise.
     */
    index: indexFactsSchema.nullable(),
    /** All places of an index that was put in several. */
    parts: z.array(indexFactsSchema).optional(),
    /** What a partitioned index consists of, one for each partition. */
    partitions: z.array(partitionIndexSchema).optional(),
    seconds: z.number(),
    /** Server settings that the build ran under, as read back. */
    settings: z.record(z.string(), z.string()),
    notices: z.array(z.string()),
    findings: z.array(findingSchema),
    /** The run that it was built in, when it was not this one: then the index no longer exists. */
    fromRun: z.string().optional(),
  },
});
export type BuildRecord = z.infer<typeof buildKind.record>;

/** Every index that a build left on the server, and that can be dropped: what a partitioned one consists of goes with it. */
export const builtIndexes = ({ index, parts }: Pick<BuildRecord, 'index' | 'parts'>): readonly BuiltIndex[] =>
  parts ?? (index ? [index] : []);

/** Every index of a build that holds rows: those that plans name. */
export const scannedIndexes = (build: Pick<BuildRecord, 'index' | 'parts' | 'partitions'>): readonly BuiltIndex[] =>
  build.partitions ?? builtIndexes(build);
