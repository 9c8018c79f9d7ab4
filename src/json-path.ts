import type { BuiltInType } from './columns.js';
import { ident, literal } from './identifiers.js';

/** A member of a column of JSON, as text or as what the text is cast to. */
export interface JsonPath {
  /** Unquoted. */
  readonly column: string;
  /** From the outermost on, at least one. */
  readonly keys: readonly string[];
  readonly cast: BuiltInType | null;
}

/**
 * Types that a text is cast to, by the names that SQL has for them. What these casts give depends on the text alone, so that an
 * index can hold it; that of a date depends on the settings of the session (`DateStyle`, `TimeZone`).
 */
const CASTS: Readonly<Partial<Record<string, BuiltInType>>> = {
  smallint: 'smallint',
  int2: 'smallint',
  integer: 'integer',
  int: 'integer',
  int4: 'integer',
  bigint: 'bigint',
  int8: 'bigint',
  numeric: 'numeric',
  decimal: 'numeric',
  real: 'real',
  float4: 'real',
  'double precision': 'double precision',
  float8: 'double precision',
  boolean: 'boolean',
  bool: 'boolean',
};

const KEY = String.raw`\s*'((?:[^']|'')*)'\s*`;
const PATH = new RegExp(String.raw`^\s*(?:"((?:[^"]|"")+)"|([^"'\s][^"']*?))\s*((?:->${KEY})*->>${KEY})$`);

const CAST = /^\s*\((.*)\)\s*::\s*(\w+(?:\s+\w+)?)\s*$/;

/**
 * Reads a path as SQL has it: `metadata->>'tenant'`, `metadata->'author'->>'name'`, or `(metadata->>'year')::int`. The column
 * goes by its exact name, with quotes or without. Null for anything else, which is the name of a column.
 */
export function jsonPathOf(name: string): JsonPath | null {
  const [, inner, type] = CAST.exec(name) ?? [];
  if (inner === undefined || type === undefined) return textPathOf(name);
  const cast = CASTS[type.toLowerCase().replaceAll(/\s+/g, ' ')];
  const path = textPathOf(inner);
  return path && cast ? { ...path, cast } : null;
}

function textPathOf(name: string): JsonPath | null {
  const [, quoted, plain, members] = PATH.exec(name) ?? [];
  const column = quoted?.replaceAll('""', '"') ?? plain;
  if (column === undefined || members === undefined) return null;
  const keys = Array.from(members.matchAll(new RegExp(KEY, 'g')), ([, key]) => key!.replaceAll("''", "'"));
  return { column, keys, cast: null };
}

/**
 * What a column is called in the table of a run. There `id` is the number of a row, and what the application calls so is
 * beside it; reports print its own name.
 */
export const nameInRun = (column: string): string => (column === 'id' ? KEY_IN_RUN : column);

/** The application's `id` in the table of a run. */
export const KEY_IN_RUN = 'pgvtune_id';

/** The column that is stored: a path's, or the one of that name. */
export const storedColumn = (name: string): string => jsonPathOf(name)?.column ?? name;

/** A column or a path in SQL, quoted. */
export function columnSql(name: string): string {
  const path = jsonPathOf(name);
  if (path === null) return ident(nameInRun(name));
  const keys = path.keys.map(literal);
  const text = `${[ident(nameInRun(path.column)), ...keys.slice(0, -1)].join('->')}->>${keys.at(-1)}`;
  return path.cast === null ? text : `(${text})::${path.cast}`;
}

/** The same as a key of an index or of partitions, where an expression needs parentheses. */
export const keySql = (name: string): string => (jsonPathOf(name) === null ? columnSql(name) : `(${columnSql(name)})`);
