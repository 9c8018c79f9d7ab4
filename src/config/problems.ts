import type { z } from 'zod';
import { configJsonSchema, type JsonSchema } from './json-schema.js';

/** What is wrong with a value of a configuration, in a sentence that says what was expected and what to write. */
export function problemText(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') return unknownKey(issue.path, issue.keys[0] ?? '');
  if (typeof value !== 'number') return issue.message;
  if (issue.code === 'too_big') return tooBig(issue, value);
  if (issue.code !== 'too_small') return issue.message;
  return `Expected ${issue.inclusive === false ? 'more than' : 'at least'} ${String(issue.minimum)}, got ${value}.`;
}

/** Why a bound is where it is, and what there is beyond it. */
const BEYOND: Readonly<Record<string, string>> = {
  k: 'An HNSW index returns at most hnsw.ef_search rows, and pgvector ends that at 1000. For more, order by the distance in pages of 1000 (WHERE distance > the last), or scan exactly.',
};

function tooBig({ path, maximum, inclusive }: z.core.$ZodIssueTooBig, value: number): string {
  const bound = `${inclusive === false ? 'less than' : 'at most'} ${String(maximum)}`;
  // 95 where a share is asked for is 95 %.
  const isPercent = Number(maximum) === 1 && value > 1 && value <= 100;
  const meant = isPercent ? ` It is a share: write ${Number((value / 100).toPrecision(12))} for ${value} %.` : '';
  const beyond = BEYOND[path.join('.')];
  return `Expected ${bound}, got ${value}.${meant}${beyond === undefined ? '' : ` ${beyond}`}`;
}

function unknownKey(path: readonly PropertyKey[], key: string): string {
  const known = keysAt(configJsonSchema(), path);
  const [nearest] = known.toSorted((a, b) => edits(a, key) - edits(b, key));
  const isNear = nearest !== undefined && edits(nearest, key) <= Math.max(1, Math.floor(key.length / 3));
  return isNear
    ? `There is no key "${key}" here; did you mean "${nearest}"?`
    : `There is no key "${key}" here. Known are ${known.join(', ') || 'none'}.`;
}

/** The keys that a path may have; of alternatives, those of all. */
function keysAt(schema: JsonSchema, [step, ...rest]: readonly PropertyKey[]): string[] {
  const alternatives = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (step === undefined) {
    return [...Object.keys(schema.properties ?? {}), ...alternatives.flatMap((each) => keysAt(each, []))];
  }
  const named = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  const next = typeof step === 'number' ? schema.items : (schema.properties?.[String(step)] ?? named);
  return [
    ...(next === undefined ? [] : keysAt(next, rest)),
    ...alternatives.flatMap((each) => keysAt(each, [step, ...rest])),
  ];
}

/** Levenshtein's distance: letters to insert, delete or replace. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(replaced, above[j]! + 1, row[j - 1]! + 1));
    }
  }
  return row[b.length]!;
}
