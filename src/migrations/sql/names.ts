import type { Node, RangeVar } from 'libpg-query';

/** NAMEDATALEN - 1. */
const MAX_NAME_BYTES = 63;

/** A name with its schema, where that is not `public`. */
export const tableName = (relation: RangeVar | undefined): string =>
  withSchema(relation?.schemaname, relation?.relname ?? '');

export const withSchema = (schema: string | undefined | null, name: string): string =>
  schema && schema !== 'public' ? `${part(schema)}.${part(name)}` : part(name);

/** A part that holds a dot is quoted, as in SQL: otherwise it would be two. */
const part = (name: string): string => (/^"|\./.test(name) ? `"${name.replaceAll('"', '""')}"` : name);

const PARTS = /^(?:("(?:[^"]|"")*"|(?!")[^.]*)\.)?("(?:[^"]|"")*"|(?!")[^.]*)$/;

/** Schema and name; the schema is null for `public`. */
export function nameParts(name: string): readonly [string | null, string] {
  const [, schema, own = name] = PARTS.exec(name) ?? [];
  return [schema === undefined ? null : unquoted(schema), unquoted(own)];
}

const unquoted = (text: string): string => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text);

/** The part after the schema. */
export const bareName = (name: string): string => nameParts(name)[1];

/** The schema of a name, as SQL wants it for another name beside it; null for `public`. */
export const schemaOf = (name: string): string | null => nameParts(name)[0];

/** Strings of a list of nodes: the parts of a qualified name. */
export const strings = (nodes: readonly Node[] | undefined): string[] =>
  (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));

/** A qualified name given as a list: `pg_catalog` and `public` are left out. */
export function nameOf(nodes: readonly Node[] | undefined): string {
  const parts = strings(nodes);
  return withSchema(parts.length > 1 ? parts.at(-2) : null, parts.at(-1) ?? '');
}

/**
 * The name that PostgreSQL gives to an object without one (makeObjectName in commands/indexcmds.c): both names are cut,
 * the longer first, until all fit into 63 bytes.
 */
export function objectName(first: string, second: string | null, label: string): string {
  const overhead = label.length + 1 + (second === null ? 0 : 1);
  const available = MAX_NAME_BYTES - overhead;
  let [one, two] = [Buffer.byteLength(first), second === null ? 0 : Buffer.byteLength(second)];
  while (one + two > available) {
    if (one > two) one--;
    else two--;
  }
  return [clip(first, one), ...(second === null ? [] : [clip(second, two)]), label].join('_');
}

/** Cuts to a number of bytes without cutting a character. */
function clip(text: string, bytes: number): string {
  const buffer = Buffer.from(text);
  if (buffer.length <= bytes) return text;
  let end = bytes;
  while (end > 0 && (buffer[end]! & 0xc0) === 0x80) end--;
  return buffer.toString('utf8', 0, end);
}

/** The columns' names joined as the server does for indexes and constraints (ChooseIndexNameAddition). */
export const columnsLabel = (columns: readonly string[]): string => clip(columns.join('_'), MAX_NAME_BYTES - 1);
