import { z } from 'zod';
import { tuneAnswerSchema } from './answer.js';
import { pointKind } from './point.js';
import { manifestSchema } from './records.js';

const SCHEMAS = { run: manifestSchema, point: pointKind.record, recommendation: tuneAnswerSchema } as const;

/** `run`: manifest.json; `point`: such a record of the journal; `recommendation`: the answer of `tune`. */
export type SchemaName = keyof typeof SCHEMAS;

/** The JSON Schema (draft 2020-12) of what a run keeps. */
export const jsonSchemaOf = (name: SchemaName): object =>
  z.toJSONSchema(SCHEMAS[name], { io: 'output', unrepresentable: 'any' });
