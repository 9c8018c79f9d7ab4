import { ident } from '../identifiers.js';
import { keySql } from '../json-path.js';
import type { ColumnIndexSpec } from '../vocabulary.js';

/**
 * The statement that builds an index on columns, or on paths into columns of JSON. On text it takes the collation of the column.
 *
 * @param options.name unquoted
 * @param options.quote quotes the name of a table and, if need be, puts its schema before it
 * @param options.quoteIndex quotes the name of the index
 */
export function createColumnIndexSql(options: {
  readonly name: string;
  readonly spec: ColumnIndexSpec;
  readonly quote: (table: string) => string;
  readonly quoteIndex?: (name: string) => string;
}): string {
  const { name, spec, quote, quoteIndex = ident } = options;
  return `CREATE INDEX ${quoteIndex(name)} ON ${quote(spec.table)} USING ${spec.method} (${spec.columns.map(keySql).join(', ')})`;
}

/** An index on columns in words: `btree on items (status, year)`. */
export const describeColumnIndex = ({ method, table, columns }: ColumnIndexSpec): string =>
  `${method} on ${table} (${columns.join(', ')})`;
