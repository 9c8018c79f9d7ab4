import type { z } from 'zod';
import { figureRefused, type RecordedFinding } from '../records/finding.js';
import { type JournalRecord, recordSchema } from '../records/records.js';

type Path = readonly PropertyKey[];

/**
 * A record that its schema accepts. A figure that the schema refuses, such as a share above 1 or a mean of nothing, is
 * left out, with the least part around it that a record may lack; the finding `figure-refused` names each. A point
 * without its figures has failed. Hours of measurements are not lost for one estimator.
 *
 * @throws {z.ZodError} when even without them it is no record
 */
export function withoutRefusedFigures<R extends JournalRecord>(record: R): R {
  const refused: string[] = [];
  let kept: unknown = record;
  for (;;) {
    const parsed = recordSchema.safeParse(kept);
    if (parsed.success) return (refused.length === 0 ? parsed.data : withLoss(parsed.data, refused)) as R;
    const { path } = parsed.error.issues[0]!;
    const without = withoutPart(kept, path);
    if (without === null) throw parsed.error;
    refused.push(path.join('.'));
    kept = without;
  }
}

/** The value without the least part around `path` that may be null or absent; null when there is none. */
function withoutPart(value: unknown, path: Path): unknown {
  for (let length = path.length; length > 0; length--) {
    const part = path.slice(0, length);
    for (const replacement of [null, undefined]) {
      const candidate = replaced(value, part, replacement);
      if (!issuesOf(candidate).some((issue) => isWithin(part, issue))) return candidate;
    }
  }
  return null;
}

const issuesOf = (value: unknown): readonly Path[] =>
  recordSchema.safeParse(value).error?.issues.map(({ path }: z.core.$ZodIssue) => path) ?? [];

const isWithin = (part: Path, path: Path): boolean => part.every((name, i) => path[i] === name);

/** A copy with another value at `path`; undefined takes the member away, except from an array, whose places count. */
function replaced(value: unknown, [name, ...rest]: Path, replacement: null | undefined): unknown {
  if (name === undefined || typeof value !== 'object' || value === null) return replacement;
  const old: unknown = (value as Readonly<Record<PropertyKey, unknown>>)[name];
  const inner = rest.length === 0 ? replacement : replaced(old, rest, replacement);
  if (Array.isArray(value)) return value.map((item: unknown, i) => (i === name ? inner : item));
  const copy: Record<PropertyKey, unknown> = { ...value };
  if (inner === undefined) delete copy[name];
  else copy[name] = inner;
  return copy;
}

function withLoss(record: JournalRecord, figures: readonly string[]): JournalRecord {
  if (!('findings' in record)) return record;
  const findings: readonly RecordedFinding[] = figures.map((figure) => figureRefused.of({ figure }));
  const named = { ...record, findings: [...record.findings, ...findings] };
  return named.type === 'point' && named.status === 'ok' && named.measured === null
    ? { ...named, status: 'failed', reason: { code: 'figures-refused', data: { figures: [...figures] } } }
    : named;
}
