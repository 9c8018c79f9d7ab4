import { z } from 'zod';
import { KINDS } from './kinds.js';
import { controlRecordSchema } from './control.js';
import { gateAnswerSchema } from './gate-answer.js';
import {
  benchAnswerSchema,
  capacityAnswerSchema,
  churnAnswerSchema,
  type TuneAnswer,
  tuneAnswerSchema,
} from './answer.js';
import { statementAnswerSchema, statementSubjectSchema } from './statement.js';
import { tableNamesSchema } from './table-names.js';
import { omissionSchema } from './omission.js';
import { layoutSchema, metricSchema, targetSchema } from '../../vocabulary.js';

/*
 * What a run writes down. `manifest.json` says on what and with what; each line of `journal.ndjson` is one record.
 * A record repeats the request that it answers, holds the raw samples it rests on, and the estimates made from them.
 */

/** Grows when the shape or meaning of records changes; a run of another version is refused. */
export const RECORD_VERSION = 3;

export const loadRecordSchema = z.strictObject({
  type: z.literal('load'),
  key: z.literal('load'),
  rows: z.number().int(),
  seconds: z.number(),
  method: z.enum(['copy', 'insert']),
  tableBytes: z.number(),
});
export type LoadRecord = z.infer<typeof loadRecordSchema>;

/**
 * What came before the search of a run whose time is bounded: a run that is resumed prepares the same, and its search hears of the
 * same time.
 */
export const preparationRecordSchema = z.strictObject({
  type: z.literal('preparation'),
  key: z.literal('preparation'),
  /** Since the run began. */
  spentSeconds: z.number(),
  /** Filters, of named ones and cells of grids in their order, that were made concrete. */
  filters: z.number().int(),
  /** Queries whose exact neighbours were found. */
  queries: z.number().int(),
  omissions: z.array(omissionSchema),
});
export type PreparationRecord = z.infer<typeof preparationRecordSchema>;

/** The end of a run: its search came to an answer. The figures behind it are the points that it names. */
export const answerRecordSchema = z.strictObject({
  type: z.literal('answer'),
  key: z.literal('answer'),
  finishedAt: z.string(),
  answer: z.discriminatedUnion('kind', [
    tuneAnswerSchema,
    benchAnswerSchema,
    capacityAnswerSchema,
    churnAnswerSchema,
    gateAnswerSchema,
    statementAnswerSchema,
  ]),
});
export type AnswerRecord = z.infer<typeof answerRecordSchema>;

const measurementRecords = Object.values(KINDS).map(({ record }) => record);

export const recordSchema = z.discriminatedUnion('type', [
  loadRecordSchema,
  preparationRecordSchema,
  controlRecordSchema,
  answerRecordSchema,
  ...measurementRecords,
]);
export type JournalRecord = z.infer<typeof recordSchema>;

/** What a run of `tune` found, or tonight's search of a gate; null for other runs, and while a run is unfinished. */
export function tuneAnswerOf(records: readonly JournalRecord[]): TuneAnswer | null {
  const answer = records.findLast((record) => record.type === 'answer')?.answer;
  const tuned = answer?.kind === 'gate' ? answer.tuned : answer;
  return tuned?.kind === 'tune' ? tuned : null;
}

/** What the run rests on. Runs are comparable only where these agree. */
export const manifestSchema = z.strictObject({
  version: z.number().int(),
  run: z.string(),
  command: z.enum(['tune', 'bench', 'capacity', 'churn', 'gate']),
  startedAt: z.string(),
  pgvtune: z.string(),
  dataset: z.strictObject({
    name: z.string(),
    hash: z.string(),
    rows: z.number().int(),
    dimensions: z.number().int(),
    queries: z.number().int(),
    /** True when the vectors were generated: such results say nothing about a real table. */
    synthetic: z.boolean(),
    /** Of the table that the rows are a sample of; absent: they are of none. */
    table: tableNamesSchema.optional(),
  }),
  /** Of a run that tunes an application's statement. */
  statement: statementSubjectSchema.optional(),
  metric: metricSchema,
  /** What the table is made of; absent: it is one. */
  layout: layoutSchema.optional(),
  target: targetSchema.nullable(),
  /** The configuration as resolved, every default written out, passwords redacted. */
  config: z.unknown(),
  server: z.strictObject({
    kind: z.enum(['embedded', 'local', 'container', 'url']),
    /** As printed next to every latency, e.g. `embedded (WebAssembly)`. */
    label: z.string(),
    version: z.string(),
    versionNumber: z.number().int(),
    pgvector: z.string(),
    /** Versions of all extensions of the database, by their names; runs of old do not say. */
    extensions: z.record(z.string(), z.string()).optional(),
    /** Settings whose source is not the default, and those that decide plans and builds. */
    settings: z.record(z.string(), z.string()),
  }),
  client: z.strictObject({
    node: z.string(),
    platform: z.string(),
    cpu: z.string(),
    cores: z.number().int(),
    memoryBytes: z.number(),
  }),
});
export type RunManifest = z.infer<typeof manifestSchema>;
