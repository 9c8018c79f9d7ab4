import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { PgvtuneError } from '../errors.js';
import { isTooDeep, MOST_LEVELS } from '../nesting.js';
import { problemText } from './problems.js';
import { type Config, type ConfigInput, configSchema } from './schema.js';

const MAX_BYTES = 1024 * 1024;

/** A line that opens many levels at once (`- - - -`), or is indented by as many. */
const DEEP_BLOCKS = new RegExp(String.raw`^(?: {${2 * MOST_LEVELS},}\S| *(?:[-?:] +){${MOST_LEVELS},})`, 'm');

/** Where a key of the configuration was written, for error messages. */
type Locate = (path: readonly PropertyKey[]) => string;

/**
 * Resolves a configuration: defaults, then the file, then what was given on the command line.
 *
 * @param file path of a YAML file; null for none
 * @param overrides keys that win over the file
 * @throws {PgvtuneError} `usage`, naming file, line and key, and what was expected there
 */
export function resolveConfig(file: string | null, overrides: ConfigInput): Config {
  const { input, locate } = file === null ? { input: {}, locate: flagOf } : readYaml(file);
  const merged = merge(input, overrides);
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) throw toUsageError(parsed.error, merged, { overrides, locate });
  return parsed.data;
}

/**
 * A configuration given as an object, with every default filled in.
 *
 * @throws {PgvtuneError} `usage`, naming the key, and what was expected there
 */
export function configOf(input: ConfigInput): Config {
  const parsed = configSchema.safeParse(input);
  if (!parsed.success) {
    throw toUsageError(parsed.error, input, { overrides: {}, locate: (path) => path.join('.') });
  }
  return parsed.data;
}

/** A flag is called as its key is; of a list, an entry has no name of its own. */
const flagOf: Locate = (path) => {
  const key = path.findLast((step) => typeof step === 'string') ?? 'config';
  return `--${key.replaceAll('_', '-')}`;
};

function readYaml(file: string): { input: ConfigInput; locate: Locate } {
  const text = readText(file);
  if (isTooDeep(text) || DEEP_BLOCKS.test(text)) {
    throw new PgvtuneError('usage', `${file}: nested deeper than ${MOST_LEVELS} levels.`, {
      hint: 'pgvtune init writes a file with every key and its meaning.',
    });
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const problem = document.errors[0];
  if (problem) {
    // The first line says what and where; what follows is the place, drawn.
    const [what = ''] = problem.message.split('\n');
    throw new PgvtuneError('usage', `${file}: ${what.replace(/:$/, '.')}`, { hint: 'Correct the YAML at that line.' });
  }
  if (document.contents !== null && !isMap(document.contents)) {
    throw new PgvtuneError('usage', `${file}: expected keys and values, such as "k: 10".`);
  }
  const locate: Locate = (path) => {
    for (let depth = path.length; depth > 0; depth--) {
      const node: unknown = document.getIn(path.slice(0, depth), true);
      const offset = (node as { range?: readonly number[] } | undefined)?.range?.[0];
      if (offset !== undefined) return `${file}, line ${lines.linePos(offset).line}, ${path.join('.')}`;
    }
    return file;
  };
  return { input: toInput(file, document), locate };
}

function toInput(file: string, document: Document): ConfigInput {
  try {
    // Aliases can make a small file expand without end; nothing here needs them.
    return (document.toJS({ maxAliasCount: 0 }) ?? {}) as ConfigInput;
  } catch (cause) {
    throw new PgvtuneError('usage', `${file}: aliases (*name) are not allowed.`, {
      hint: 'Write the value out.',
      cause,
    });
  }
}

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MAX_BYTES)
      throw new PgvtuneError('usage', `${file} has ${size} bytes; a configuration has at most ${MAX_BYTES}.`);
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (cause instanceof PgvtuneError) throw cause;
    throw new PgvtuneError('usage', `Cannot read the configuration ${file}.`, {
      hint: 'Check the path, or write a new file with: pgvtune init',
      cause,
    });
  }
}

/** Objects are merged key by key, everything else is replaced; `undefined` replaces nothing. */
function merge(base: unknown, over: unknown): unknown {
  if (over === undefined) return base;
  if (!isPlainObject(base) || !isPlainObject(over)) return over;
  const merged: Record<string, unknown> = Object.assign(Object.create(null), base);
  for (const [key, value] of Object.entries(over)) merged[key] = merge(merged[key], value);
  return merged;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toUsageError(
  error: z.ZodError,
  merged: unknown,
  { overrides, locate }: { readonly overrides: ConfigInput; readonly locate: Locate },
): PgvtuneError {
  const lines = error.issues.flatMap(innermost).map((issue) => {
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
    const where = isSet(overrides, path) ? flagOf(path) : locate(path);
    return `${where}: ${problemText(issue, valueAt(merged, issue.path))}`;
  });
  return new PgvtuneError('usage', lines.join('\n'), {
    hint: 'pgvtune init writes a file with every key and its meaning.',
  });
}

/** Of a value that fits none of several forms, what is wrong with the form that it comes nearest to. */
function innermost(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const depth = (branch: readonly z.core.$ZodIssue[]): number => Math.max(0, ...branch.map(({ path }) => path.length));
  const nearest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0];
  if (!nearest || depth(nearest) === 0) return [issue];
  return nearest.flatMap((inner) => innermost({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** A list is replaced as a whole, so that whoever gave it gave its entries. */
function isSet(overrides: unknown, path: readonly PropertyKey[]): boolean {
  const entry = path.findIndex((step) => typeof step === 'number');
  const keys = entry < 0 ? path : path.slice(0, entry);
  return valueAt(overrides, keys) !== undefined;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
}
