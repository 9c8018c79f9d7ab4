import { PgvtuneError } from '../../errors.js';
import { ident, type Session } from '../../postgres/index.js';
import { loadGrammar, readSelect, relationsNamed } from '../../statements/index.js';
import { findRelation } from '../catalog/find-table.js';

/** A table that a statement reads, as far as it can be made again elsewhere. */
export interface StatementTable {
  readonly oid: number;
  readonly label: string;
  /** Quoted. */
  readonly schema: string;
  readonly quoted: string;
  readonly columns: readonly { readonly quoted: string; readonly type: string }[];
  /** Definitions of its indexes of PostgreSQL's own access methods and operator classes. */
  readonly indexes: readonly string[];
  /** Statements that make the enums of its columns, and their schemas. */
  readonly types: readonly string[];
}

/**
 * The tables that a statement names, in a transaction.
 *
 * @throws {PgvtuneError} `usage` for what a copy would not be like: views, partitions, types of other extensions
 */
export async function readStatementTables(session: Session, sql: string): Promise<readonly StatementTable[]> {
  await loadGrammar();
  const tables = new Map<number, StatementTable>();
  for (const { schema, name } of relationsNamed(readSelect(sql))) {
    const text = schema === null ? ident(name) : `${ident(schema)}.${ident(name)}`;
    const table = await readTable(session, text);
    tables.set(table.oid, table);
  }
  return [...tables.values()];
}

async function readTable(session: Session, text: string): Promise<StatementTable> {
  const { oid, label, quoted } = await findRelation(session, text);
  const [found] = await session.query<{ kind: string; parent: boolean; schema: string }>(
    `SELECT c.relkind AS kind, EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) AS parent,
            quote_ident(n.nspname) AS schema
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1`,
    [oid],
  );
  const { kind, parent, schema } = found!;
  if (kind !== 'r' && kind !== 'm') throw refused(label, kind === 'v' ? 'is a view' : 'is partitioned');
  if (parent) throw refused(label, 'has child tables');
  const columns = await session.query<{
    name: string;
    quoted: string;
    type: string;
    known: boolean;
    enum: string | null;
  }>(
    `SELECT a.attname AS name, quote_ident(a.attname) AS quoted,
            CASE WHEN t.typtype = 'd' THEN format_type(t.typbasetype, t.typtypmod)
                 ELSE format_type(a.atttypid, a.atttypmod) END AS type,
            t.typtype = 'e' OR n.nspname = 'pg_catalog' OR e.extname IS NOT DISTINCT FROM 'vector' AS known,
            CASE WHEN t.typtype = 'e' THEN format(
              'CREATE SCHEMA IF NOT EXISTS %1$I; CREATE TYPE %1$I.%2$I AS ENUM (%3$s)', n.nspname, t.typname,
              (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_enum
                WHERE enumtypid = t.oid)) END AS enum
       FROM pg_attribute a
       JOIN pg_type t ON t.oid = a.atttypid
       JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
       JOIN pg_namespace n ON n.oid = b.typnamespace
       LEFT JOIN pg_depend d ON d.classid = 'pg_type'::regclass AND d.objid = b.oid AND d.deptype = 'e'
       LEFT JOIN pg_extension e ON e.oid = d.refobjid
      WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [oid],
  );
  const unknown = columns.find(({ known }) => !known);
  if (unknown) throw refused(`${label}.${unknown.name}`, `is of type ${unknown.type}`);
  const indexes = await session.query<{ definition: string }>(
    `SELECT pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
      WHERE i.indrelid = $1 AND i.indisvalid AND am.amname IN ('btree', 'hash', 'gin', 'gist', 'spgist', 'brin')
        AND NOT EXISTS (SELECT FROM unnest(i.indclass) AS used(oid) JOIN pg_opclass o ON o.oid = used.oid
                         WHERE o.opcnamespace <> 'pg_catalog'::regnamespace)
      ORDER BY i.indexrelid`,
    [oid],
  );
  return {
    oid,
    label,
    schema,
    quoted,
    columns: columns.map(({ quoted: name, type }) => ({ quoted: name, type })),
    indexes: indexes.map(({ definition }) => definition),
    types: columns.flatMap(({ enum: type }) => type ?? []),
  };
}

const refused = (what: string, why: string): PgvtuneError =>
  new PgvtuneError('usage', `The statement cannot be tuned on a copy of its tables: ${what} ${why}.`, {
    hint: 'Measure it where it is, over values of a setting: pgvtune recall --sql FILE --sweep hnsw.ef_search=20..400',
  });
