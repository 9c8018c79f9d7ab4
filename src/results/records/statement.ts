import { z } from 'zod';
import { indexSpecSchema } from '../../vocabulary.js';
import { estimateSchema } from './estimate.js';
import { measurementKind } from './kind.js';
import { measuredSchema } from './point.js';

/*
 * The records of `tune --sql`: an application's statement on a copy of the tables that it reads.
 */

const count = z.number().int().min(0);
const settingsSchema = z.record(z.string(), z.string());

const copiedTableSchema = z.strictObject({
  /** As people write it: `app.items`. */
  table: z.string(),
  rows: count,
  isSample: z.boolean(),
});
export type CopiedTable = z.infer<typeof copiedTableSchema>;

const tunedParameterSchema = z.strictObject({
  number: z.number().int().min(1),
  /** Where its values are from: the one that was given; the row that is the query, or a random one for a log; other rows; its own table; executions in a server's log. */
  source: z.enum(['given', 'row', 'other-rows', 'table', 'executions']),
  /** What it is compared with, as SQL; null where its value was given, or logged. */
  comparedWith: z.string().nullable(),
  value: z.string().nullable(),
});
export type TunedParameter = z.infer<typeof tunedParameterSchema>;

/** What a run of a statement rests on besides its copy; part of the manifest, so that it goes on without the server of the tables. */
export const statementSubjectSchema = z.strictObject({
  /** As it was given. */
  text: z.string(),
  /** Of its parameters that are the same for every query. */
  values: z.array(z.strictObject({ number: z.number().int().min(1), value: z.string() })),
  k: z.number().int().min(1),
  limit: z.number().int().min(1),
  /** Whether it has conditions, or joins other tables. */
  filters: z.boolean(),
  /** `search_path` by which it finds names. */
  path: z.string(),
  table: z.strictObject({ label: z.string(), schema: z.string(), quoted: z.string() }),
  column: z.strictObject({
    name: z.string(),
    quoted: z.string(),
    type: z.string(),
    baseType: z.enum(['vector', 'halfvec', 'bit', 'sparsevec']),
    dimensions: z.number().int().nullable(),
  }),
  /** Rows of it where it is, by the planner's count. */
  rows: count,
  /** Of the server where it is. */
  server: z.strictObject({ pgvector: z.string(), versionNumber: z.number().int() }),
  /** Rows of the table, vectors of a file, or executions in a server's log. */
  queries: z.enum(['rows', 'log', 'executions']),
  parameters: z.array(tunedParameterSchema),
  copied: z.array(copiedTableSchema).min(1),
});
export type StatementSubject = z.infer<typeof statementSubjectSchema>;

const withoutRequestSchema = z.strictObject({ queries: z.number().int().min(1) });

/** The statement before any index on the vectors is there. */
export const statementWithoutIndexKind = measurementKind({
  name: 'statement-without-index',
  request: withoutRequestSchema,
  figures: { medianMs: z.number() },
});
export type StatementWithoutIndexRequest = z.infer<typeof withoutRequestSchema>;
export type StatementWithoutIndexRecord = z.infer<typeof statementWithoutIndexKind.record>;

const withIndexRequestSchema = z.strictObject({
  spec: indexSpecSchema,
  /** Search settings by their full names, the same for every value. */
  settings: settingsSchema,
  /** The setting that recall is bought with, and the values that are measured, ascending. */
  sweep: z.strictObject({ setting: z.string(), values: z.array(z.number()).min(1) }),
  queries: z.number().int().min(1),
});
export type StatementWithIndexRequest = z.infer<typeof withIndexRequestSchema>;

const plansSchema = z.array(z.strictObject({ text: z.string(), queries: z.number().int() }));

const stepSchema = z.strictObject({
  value: z.number(),
  usesIndex: z.boolean(),
  plan: z.string(),
  /** Of queries with other parameters than the vector, the commonest first. */
  plans: plansSchema,
  measured: z.strictObject({
    recall: measuredSchema.shape.recall,
    completeness: measuredSchema.shape.completeness,
    /** Client wall time: each query asked for the first time, and once more. */
    latencyMs: z.strictObject({ first: measuredSchema.shape.latencyMs, again: measuredSchema.shape.latencyMs }),
    buffers: estimateSchema,
    rowsRemoved: estimateSchema,
    /** In base64, in the order of the queries. */
    samples: z.strictObject({
      blockQueries: z.number().int(),
      firstMs: z.string(),
      againMs: z.string(),
      hits: z.string(),
      strictHits: z.string(),
      returned: z.string(),
      expected: z.string(),
    }),
  }),
});
export type StatementStep = z.infer<typeof stepSchema>;

/** The statement with one index, under each value of a setting. */
export const statementWithIndexKind = measurementKind({
  name: 'statement-with-index',
  request: withIndexRequestSchema,
  figures: {
    /** What was executed on the copy, under the names that the tables have. */
    create: z.string(),
    drop: z.string(),
    buildSeconds: z.number(),
    bytes: z.number(),
    /** The plan before a value is set, and those of its queries. */
    plan: z.string(),
    plans: plansSchema,
    /** None where the planner does not serve the statement by the index, or the times are void. */
    steps: z.array(stepSchema),
  },
});
export type StatementWithIndexRecord = z.infer<typeof statementWithIndexKind.record>;

const optionSchema = z.strictObject({
  /** Key of its record. */
  record: z.string(),
  /** The lowest value of the setting that was shown to reach the target, or the greatest that the index served; null: it serves none. */
  value: z.number().nullable(),
  reached: z.boolean(),
});
export type StatementOption = z.infer<typeof optionSchema>;

/** What a statement is served by at its best; the figures are those of the records. */
export const statementAnswerSchema = z.strictObject({
  kind: z.literal('statement'),
  options: z.array(optionSchema),
  /** Position among them of the fastest that reaches the target; null: none does. */
  best: count.nullable(),
});
export type StatementAnswer = z.infer<typeof statementAnswerSchema>;
