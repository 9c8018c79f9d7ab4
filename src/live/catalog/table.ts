import { PgvtuneError } from '../../errors.js';
import { ident, qualified, storageParameters } from '../../postgres/index.js';
import type { Session } from '../../postgres/index.js';
import type { Settings } from '../../postgres/index.js';

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

export interface TableColumn {
  readonly name: string;
  /** Without schema, array brackets and modifier, of a domain the type below it: `vector`, `int8`, `timestamptz`. */
  readonly baseType: string;
  /** Of an array: of its items. */
  readonly isArray: boolean;
  /** Of an enum, in their order; null for other types. */
  readonly labels: readonly string[] | null;
}

export interface VectorColumn {
  readonly name: string;
  readonly quoted: string;
  readonly baseType: (typeof VECTOR_TYPES)[number];
  /** With its modifier: `vector(384)`. */
  readonly type: string;
  readonly isNotNull: boolean;
  /** Null when the column does not declare them. */
  readonly dimensions: number | null;
}

export interface LeafTable {
  readonly oid: number;
  readonly name: string;
  readonly quoted: string;
  /** What its rows are read from: itself, or the table above it, where this role has rights on that one only. */
  readonly from: string;
  /** Pages of the table without its TOAST table, now. */
  readonly blocks: number;
  /** The planner's count of rows; −1 when the table was never analysed. */
  readonly estimatedRows: number;
  /** With TOAST, without indexes. */
  readonly bytes: number;
  readonly liveRows: number;
  readonly deadRows: number;
  /** When it was last analysed, by hand or by autovacuum; null: never, as far as the statistics go. */
  readonly analyzed: Date | null;
}

export interface VectorIndex {
  readonly name: string;
  /** Of the leaf that it is on. */
  readonly table: number;
  readonly method: string;
  /** The extension that the access method belongs to; null for one that belongs to none. */
  readonly extension: string | null;
  readonly opclass: string;
  /** Without schema: `<=>`. */
  readonly operator: string;
  /** As a query has to write it: `OPERATOR(public.<=>)`. */
  readonly qualifiedOperator: string;
  /** What a query has to order by for the index to serve it: the quoted column, or an expression on it. */
  readonly expression: string;
  /** Type of the expression, with its modifier: what the query vector has to be. */
  readonly operandType: string;
  /** True when it is on an expression, not on the column itself. */
  readonly isExpression: boolean;
  /** Of a partial index; null for one over all rows. */
  readonly predicate: string | null;
  readonly reloptions: Settings;
  /** False after an interrupted CREATE INDEX CONCURRENTLY: the planner ignores such an index without a word. */
  readonly valid: boolean;
  readonly bytes: number;
  /** Scans since the statistics were reset. */
  readonly scans: number;
}

/** Types of columns whose vectors can be read as numbers. */
const VECTOR_TYPES = ['vector', 'halfvec', 'sparsevec', 'bit'] as const;

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
  const found = await findTable(session, table);
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
    columns: columns.map(({ name, baseType, isArray, labels }) => ({ name, baseType, isArray, labels })),
    primaryKey: await readPrimaryKey(session, found.oid),
    leaves,
    indexes: await readVectorIndexes(
      session,
      leaves.map(({ oid }) => oid),
      vectorColumn.name,
    ),
  };
}

/** A table, partitioned table or materialised view that this role may read. */
export interface FoundTable {
  readonly oid: number;
  readonly label: string;
  readonly quoted: string;
}

const WHAT_IT_IS: Readonly<Record<string, string>> = {
  v: 'a view',
  f: 'a foreign table',
  i: 'an index',
  I: 'an index',
  S: 'a sequence',
  c: 'a composite type',
  t: 'a TOAST table',
};

interface CatalogTable extends Omit<FoundTable, 'quoted'> {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly readable: boolean;
  readonly grant: string;
}

/** What the role's own statements find names by, then what the session's do: as a value of `search_path`. */
export async function ownSearchPath(session: Session): Promise<string> {
  const [path] = await session.query<{ both: string }>(
    `SELECT reset_val || ', ' || setting AS both FROM pg_settings WHERE name = 'search_path'`,
  );
  return path!.both;
}

/** Sessions have the extension's schema alone in their `search_path`; what users call `docs` is by their own. */
async function withOwnSearchPath<T>(session: Session, look: () => Promise<T>): Promise<T> {
  const set = (path: string): Promise<unknown> => session.query(`SELECT set_config('search_path', $1, false)`, [path]);
  const [paths] = await session.query<{ pinned: string; own: string }>(
    `SELECT setting AS pinned, reset_val AS own FROM pg_settings WHERE name = 'search_path'`,
  );
  await set(paths!.own);
  const found = await look();
  await set(paths!.pinned);
  return found;
}

/**
 * @param table see {@link readLiveTable}
 * @throws {PgvtuneError} as {@link readLiveTable}
 */
export async function findTable(session: Session, table: string): Promise<FoundTable> {
  const own = await withOwnSearchPath(session, () => lookUp(session, table));
  const found = own ?? (await lookUp(session, table));
  if (!found) {
    throw new PgvtuneError('usage', `There is no table ${table} in this database.`, {
      hint: await tablesWithVectors(session),
    });
  }
  const { oid, schema, name, label, kind, readable, grant } = found;
  if (!['r', 'p', 'm'].includes(kind)) {
    throw new PgvtuneError('usage', `${label} is ${WHAT_IT_IS[kind] ?? 'no table'}.`, {
      hint: 'Name the table that holds the vectors.',
    });
  }
  if (!readable) {
    throw new PgvtuneError('server', `This role may not read ${label}.`, {
      hint: `Let its owner run: ${grant}`,
      sqlstate: '42501',
    });
  }
  return { oid, label, quoted: qualified(schema, name) };
}

async function lookUp(session: Session, table: string): Promise<CatalogTable | undefined> {
  const rows = await session
    .query<CatalogTable>(
      `SELECT c.oid, n.nspname AS schema, c.relname AS name, format('%I.%I', n.nspname, c.relname) AS label,
              c.relkind AS kind, has_table_privilege(c.oid, 'SELECT') AS readable,
              format('GRANT SELECT ON %I.%I TO %I;', n.nspname, c.relname, current_user) AS grant
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.oid = to_regclass($1)`,
      [table],
    )
    .catch((error: unknown) => {
      const misspelt =
        error instanceof PgvtuneError && ['42601', '42602', '22023', '0A000'].includes(error.sqlstate ?? '');
      throw misspelt
        ? new PgvtuneError('usage', `Expected a table such as app.items, got "${table}".`, { cause: error })
        : error;
    });
  return rows[0];
}

/** What could have been meant: the tables with vectors that this role may read. */
async function tablesWithVectors(session: Session): Promise<string> {
  const rows = await session.query<{ name: string }>(
    `SELECT DISTINCT format('%I.%I', n.nspname, c.relname) AS name
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid
      WHERE t.typname IN ('vector', 'halfvec', 'sparsevec') AND c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition
        AND NOT a.attisdropped AND has_table_privilege(c.oid, 'SELECT')
      ORDER BY 1 LIMIT 6`,
  );
  if (rows.length === 0) return 'No table with vectors can be read by this role: check the database and the role.';
  const names = rows.slice(0, 5).map(({ name }) => name);
  return `Tables with vectors are ${names.join(', ')}${rows.length > 5 ? ', …' : ''}.`;
}

interface CatalogColumn extends TableColumn {
  readonly type: string;
  readonly modifier: number;
  readonly isNotNull: boolean;
}

export const readColumns = (session: Session, table: number): Promise<CatalogColumn[]> =>
  session.query<CatalogColumn>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.atttypmod AS modifier,
            a.attnotnull AS "isNotNull",
            coalesce(i.typname, b.typname) AS "baseType", i.oid IS NOT NULL AS "isArray",
            (SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = b.oid) AS labels
       FROM pg_attribute a
       JOIN pg_type t ON t.oid = a.atttypid
       JOIN pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
       LEFT JOIN pg_type i ON i.oid = b.typelem AND b.typcategory = 'A'
      WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum`,
    [table],
  );

const typeOf = (baseType: string): VectorColumn['baseType'] | undefined =>
  VECTOR_TYPES.find((type) => type === baseType);

function chooseColumn(table: string, columns: readonly CatalogColumn[], wanted: string | undefined): VectorColumn {
  // One bit is a flag. Sparse vectors and bits often stand beside the vectors that they were made from.
  const candidates = columns.filter(
    ({ baseType, isArray, modifier }) => !isArray && typeOf(baseType) && (baseType !== 'bit' || modifier > 1),
  );
  const dense = candidates.filter(({ baseType }) => baseType === 'vector' || baseType === 'halfvec');
  const vectors = (dense.length > 0 ? dense : candidates).map(({ name }) => name);
  const column = columns.find(({ name }) => name === (wanted ?? (vectors.length === 1 ? vectors[0] : undefined)));
  if (!column) {
    const [message, names] =
      wanted === undefined
        ? [`${table} has ${vectors.length === 0 ? 'no column' : 'several columns'} of vectors.`, vectors]
        : [`${table} has no column "${wanted}".`, vectors.length > 0 ? vectors : columns.map(({ name }) => name)];
    throw new PgvtuneError('usage', message, {
      hint: names.length > 0 ? `Name one of ${names.slice(0, 10).join(', ')}.` : 'Name another table.',
    });
  }
  const baseType = column.isArray ? undefined : typeOf(column.baseType);
  if (!baseType) {
    throw new PgvtuneError('usage', `Column ${column.name} of ${table} is of type ${column.type}.`, {
      hint: `Name a column of type vector, halfvec, sparsevec or bit${vectors.length > 0 ? `: ${vectors.join(', ')}` : ''}.`,
    });
  }
  return {
    name: column.name,
    quoted: ident(column.name),
    baseType,
    type: column.type,
    isNotNull: column.isNotNull,
    dimensions: column.modifier > 0 ? column.modifier : null,
  };
}

/** Names of its columns, in their order; empty when there is none. */
export async function readPrimaryKey(session: Session, table: number): Promise<readonly string[]> {
  const rows = await session.query<{ name: string }>(
    `SELECT a.attname AS name
       FROM pg_index i
       CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
      WHERE i.indrelid = $1 AND i.indisprimary AND k.position <= i.indnkeyatts ORDER BY k.position`,
    [table],
  );
  return rows.map(({ name }) => name);
}

async function readLeaves(session: Session, root: FoundTable): Promise<readonly LeafTable[]> {
  const rows = await session.query<{
    oid: number;
    schema: string;
    name: string;
    kind: string;
    readable: boolean;
    blocks: string;
    tuples: number;
    bytes: string;
    live: string | null;
    dead: string | null;
    analyzed: Date | null;
  }>(
    `WITH RECURSIVE tree(oid) AS (
       SELECT $1::oid UNION SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.oid)
     SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relkind AS kind, c.reltuples AS tuples,
            has_table_privilege(c.oid, 'SELECT') AS readable,
            pg_relation_size(c.oid) / current_setting('block_size')::int AS blocks, pg_table_size(c.oid) AS bytes,
            s.n_live_tup AS live, s.n_dead_tup AS dead, greatest(s.last_analyze, s.last_autoanalyze) AS analyzed
       FROM tree JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace
       LEFT JOIN pg_stat_all_tables s ON s.relid = c.oid
      WHERE c.relkind <> 'p' ORDER BY c.oid`,
    [root.oid],
  );
  const foreign = rows.find(({ kind }) => kind === 'f');
  if (foreign) {
    throw new PgvtuneError('usage', `The partition ${foreign.schema}.${foreign.name} is a foreign table.`, {
      hint: 'Name the partitions that lie on this server.',
    });
  }
  return rows.map(({ oid, schema, name, readable, blocks, tuples, bytes, live, dead, analyzed }) => ({
    oid,
    name,
    quoted: qualified(schema, name),
    from: readable
      ? `ONLY ${qualified(schema, name)}`
      : `(SELECT ctid, * FROM ${root.quoted} WHERE tableoid = ${oid}) AS ${ident(name)}`,
    blocks: Number(blocks),
    estimatedRows: tuples,
    bytes: Number(bytes),
    liveRows: Number(live ?? 0),
    deadRows: Number(dead ?? 0),
    analyzed,
  }));
}

/**
 * An index can order by distance when the operator class of its first key has an ordering operator for its own type.
 * Keys that follow are what some access methods filter by.
 */
async function readVectorIndexes(
  session: Session,
  leaves: readonly number[],
  column: string,
): Promise<readonly VectorIndex[]> {
  const rows = await session.query<{
    name: string;
    table: number;
    method: string;
    extension: string | null;
    opclass: string;
    operator: string;
    schema: string;
    expression: string;
    operandType: string;
    isExpression: boolean;
    predicate: string | null;
    reloptions: string[] | null;
    valid: boolean;
    bytes: string;
    scans: string | null;
  }>(
    `SELECT c.relname AS name, i.indrelid AS table, am.amname AS method,
            (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
              WHERE d.classid = 'pg_am'::regclass AND d.objid = am.oid AND d.refclassid = 'pg_extension'::regclass
                AND d.deptype = 'e') AS extension, oc.opcname AS opclass,
            o.oprname AS operator, os.nspname AS schema, pg_get_indexdef(c.oid, 1, true) AS expression,
            format_type(k.atttypid, k.atttypmod) AS "operandType", i.indkey[0] = 0 AS "isExpression",
            pg_get_expr(i.indpred, i.indrelid, true) AS predicate, c.reloptions,
            i.indisvalid AND i.indisready AS valid, pg_relation_size(c.oid) AS bytes, s.idx_scan AS scans
       FROM pg_index i
       JOIN pg_class c ON c.oid = i.indexrelid
       JOIN pg_am am ON am.oid = c.relam
       JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = 1
       JOIN pg_opclass oc ON oc.oid = i.indclass[0]
       JOIN pg_amop ao ON ao.amopfamily = oc.opcfamily AND ao.amoppurpose = 'o'
                      AND ao.amoplefttype = oc.opcintype AND ao.amoprighttype = oc.opcintype
       JOIN pg_operator o ON o.oid = ao.amopopr
       JOIN pg_namespace os ON os.oid = o.oprnamespace
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = $2
       LEFT JOIN pg_stat_all_indexes s ON s.indexrelid = c.oid
      WHERE i.indrelid = ANY ($1::oid[])
        AND (i.indkey[0] = a.attnum OR i.indkey[0] = 0 AND EXISTS (
              SELECT FROM pg_depend d
               WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refobjid = i.indrelid
                 AND d.refobjsubid = a.attnum))
      ORDER BY i.indrelid, c.relname`,
    [leaves, column],
  );
  return rows.map(({ schema, reloptions, bytes, scans, ...row }) => ({
    ...row,
    qualifiedOperator: `OPERATOR(${ident(schema)}.${row.operator})`,
    reloptions: storageParameters(reloptions),
    bytes: Number(bytes),
    scans: Number(scans ?? 0),
  }));
}
