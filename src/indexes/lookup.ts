import { ident } from '../identifiers.js';
import type { LookupSpec } from '../vocabulary.js';

/**
 * The statement that builds a lookup index. On text it takes the collation of the column.
 *
 * @param options.name unquoted
 * @param options.quote quotes the name of a table and, if need be, puts its schema before it
 */
export function createLookupSql(options: {
  readonly name: string;
  readonly spec: LookupSpec;
  readonly quote: (table: string) => string;
}): string {
  const { name, spec, quote } = options;
  return `CREATE INDEX ${ident(name)} ON ${quote(spec.table)} USING ${spec.method} (${spec.columns.map(ident).join(', ')})`;
}

/** A lookup index in words: `btree on items (status, year)`. */
export const describeLookup = ({ method, table, columns }: LookupSpec): string =>
  `${method} on ${table} (${columns.join(', ')})`;
