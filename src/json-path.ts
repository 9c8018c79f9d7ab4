import { ident, literal } from './identifiers.js';

/** A member of a column of JSON, as text. */
export interface JsonPath {
  /** Unquoted. */
  readonly column: string;
  /** From the outermost on, at least one. */
  readonly keys: readonly string[];
}

const KEY = String.raw`\s*'((?:[^']|'')*)'\s*`;
const PATH = new RegExp(String.raw`^\s*(?:"((?:[^"]|"")+)"|([^"'\s][^"']*?))\s*((?:->${KEY})*->>${KEY})$`);

/**
 * Reads a path as SQL has it: `metadata->>'tenant'`, or `metadata->'author'->>'name'`. The column goes by its exact name,
 * with quotes or without. Null for anything else, which is the name of a column.
 */
export function jsonPathOf(name: string): JsonPath | null {
  const [, quoted, plain, members] = PATH.exec(name) ?? [];
  const column = quoted?.replaceAll('""', '"') ?? plain;
  if (column === undefined || members === undefined) return null;
  return { column, keys: Array.from(members.matchAll(new RegExp(KEY, 'g')), ([, key]) => key!.replaceAll("''", "'")) };
}

/** The column that is stored: a path's, or the one of that name. */
export const storedColumn = (name: string): string => jsonPathOf(name)?.column ?? name;

/** A column or a path in SQL, quoted. */
export function columnSql(name: string): string {
  const path = jsonPathOf(name);
  if (path === null) return ident(name);
  const keys = path.keys.map(literal);
  return `${[ident(path.column), ...keys.slice(0, -1)].join('->')}->>${keys.at(-1)}`;
}

/** The same as a key of an index or of partitions, where an expression needs parentheses. */
export const keySql = (name: string): string => (jsonPathOf(name) === null ? ident(name) : `(${columnSql(name)})`);
