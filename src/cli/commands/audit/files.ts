import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type Audit, type Counters, countersSchema } from '../../../audit/index.js';
import { PgvtuneError } from '../../../errors.js';

/** Of the `--json` document of an earlier audit only the keys matter, whatever a later version adds to it. */
const baselineSchema = z.object({ findings: z.array(z.object({ key: z.string() })) });

/** @throws {PgvtuneError} `usage` where there is no such file, or it is no document of that kind */
function readDocument<T>(path: string, option: string, schema: z.ZodType<T>, hint: string): T {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PgvtuneError('usage', `${option}: ${path} cannot be read as JSON.`, { hint, cause: error });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw new PgvtuneError('usage', `${option}: ${path} is not such a document: ${z.prettifyError(parsed.error)}`, {
    hint,
  });
}

/** Counters that `audit snapshot` wrote. */
export const readCounters = (path: string): Counters =>
  readDocument(path, '--since', countersSchema, 'Give a file that pgvtune audit snapshot wrote.');

/** Leaves out what an earlier audit found already. */
export function withoutKnown(audit: Audit, path: string): Audit {
  const hint = 'Give what pgvtune audit --json printed.';
  const known = new Set(readDocument(path, '--baseline', baselineSchema, hint).findings.map(({ key }) => key));
  return { ...audit, findings: audit.findings.filter(({ key }) => !known.has(key)) };
}
