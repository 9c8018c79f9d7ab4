/*
 * SQL that is shown to be run by somebody else. Names come from catalogs, so they may hold anything; unlike `ident`, nothing
 * here refuses one.
 */

/** A name, quoted. Control characters are written as escapes, so that a name stays on its line. */
export function name(text: string): string {
  if (!/\p{Cc}/u.test(text)) return `"${text.replaceAll('"', '""')}"`;
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '""')
    .replaceAll(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `U&"${escaped}"`;
}

/** A relation with its schema. */
export const relation = ({ schema, name: own }: { readonly schema: string; readonly name: string }): string =>
  `${name(schema)}.${name(own)}`;

/** Text as a constant. */
export function text(value: string): string {
  if (!/[\\\p{Cc}]/u.test(value)) return `'${value.replaceAll("'", "''")}'`;
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `E'${escaped}'`;
}

/** A relation as a constant of type regclass. */
export const regclass = (of: { readonly schema: string; readonly name: string }): string =>
  `${text(relation(of))}::regclass`;

/** Shows of an index what its size is judged by. */
export const pagesQuery = (index: { readonly schema: string; readonly name: string }): string =>
  `SELECT pg_relation_size(oid) / 8192 AS pages, reltuples, reloptions FROM pg_class WHERE oid = ${regclass(index)};`;

/** As people write it, for a heading: `public.orders`. */
export const plainName = ({ schema, name: own }: { readonly schema: string; readonly name: string }): string =>
  `${schema}.${own}`;
