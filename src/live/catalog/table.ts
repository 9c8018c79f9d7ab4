import type { Session } from '../../postgres/index.js';
import { chooseColumn, readColumns, readPrimaryKey, type TableColumn, type VectorColumn } from './columns.js';
import { findTable, type FoundTable } from './find-table.js';
import { type LeafTable, readLeaves } from './leaves.js';
import { readVectorIndexes, type VectorIndex } from './vector-indexes.js';

/** A table that somebody else owns, with the vectors in one of its columns, as the catalog describes them. */
export interface LiveTable {
  readonly oid: number;
  /** Whether it has row-level security, and whether that filters what this role sees. */
  readonly rowSecurity: { readonly enabled: boolean; readonly active: boolean };
  /** As people write it: `public.items`. */
  readonly label: string;
  /** Quoted and qualified. */
  readonly quoted: string;
  readonly column: VectorColumn;
  readonly columns: readonly TableColumn[];
  /** Names of the primary key's columns; empty when there is none. */
  readonly primaryKey: readonly string[];
  /** The tables that hold rows: itself, or its partitions and children. */
  readonly leaves: readonly LeafTable[];
  /** Every index on the vectors that can order by distance, of all leaves. */
  readonly indexes: readonly VectorIndex[];
}

/**
 * Looks a table and its vector column up; reads the catalog and nothing else.
 *
 * @param table as in SQL: `items`, `app.items`, `"We.ird"."Table"`; without a schema, one of the schemas in the role's
 *   own `search_path`
 * @param column its name as it is, without quotes; absent: the only column of vectors
 * @throws {PgvtuneError} `usage` when there is no such table or column, or one that cannot be used; `server` with 42501
 *   when the role may not read it
 */
export async function readLiveTable(session: Session, table: string, column?: string): Promise<LiveTable> {
  return describeTable(session, await findTable(session, table), column);
}

/** The same of a table that was found. */
export async function describeTable(session: Session, found: FoundTable, column?: string): Promise<LiveTable> {
  const [rowSecurity] = await session.query<LiveTable['rowSecurity']>(
    'SELECT relrowsecurity AS enabled, row_security_active(oid) AS active FROM pg_class WHERE oid = $1',
    [found.oid],
  );
  const columns = await readColumns(session, found.oid);
  const vectorColumn = chooseColumn(found.label, columns, column);
  const leaves = await readLeaves(session, found);
  return {
    oid: found.oid,
    rowSecurity: rowSecurity!,
    label: found.label,
    quoted: found.quoted,
    column: vectorColumn,
    columns: columns.map(({ name, baseType, isArray, labels, type }) => ({ name, baseType, isArray, labels, type })),
    primaryKey: await readPrimaryKey(session, found.oid),
    leaves,
    indexes: await readVectorIndexes(
      session,
      leaves.map(({ oid }) => oid),
      vectorColumn.name,
    ),
  };
}
