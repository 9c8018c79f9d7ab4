import { PgvtuneError } from '../../errors.js';
import { metricOfOperator } from '../../indexes/index.js';
import { applySettings, type OutputColumn, refusalOf, type Session } from '../../postgres/index.js';
import { loadGrammar, readRowsQuery } from '../../statements/index.js';
import type { Metric } from '../../vocabulary.js';
import { refuseVolatile, volatileAmong } from '../statement/side-effects.js';
import { chooseColumn, readOutputColumns, type TableColumn, type VectorColumn } from './columns.js';
import { findRelation, type FoundTable, ownSearchPath } from './find-table.js';
import { readLeaves } from './leaves.js';
import { describeTable, type LiveTable } from './table.js';
import { readVectorIndexes, type VectorIndex } from './vector-indexes.js';

/** Rows with vectors: of a table or a materialised view, of a view, or of a query. */
export interface LiveRelation {
  readonly kind: 'table' | 'view' | 'query';
  /** As people write it: `public.items`. */
  readonly label: string;
  /** As an item of FROM. */
  readonly from: string;
  readonly column: VectorColumn;
  readonly columns: readonly TableColumn[];
  /** Names of the primary key's columns; empty when there is none. */
  readonly primaryKey: readonly string[];
  /** What the indexes on the vectors order by, when they agree. */
  readonly metric: Metric | null;
  /** What others are joined to; null for a query. */
  readonly joined: FoundTable | null;
  /** Null for a view and a query: their rows have no places. */
  readonly table: LiveTable | null;
}

/** Exactly one of the two. */
export interface RelationName {
  /** As in SQL, see `findTable`; also a view. */
  readonly table?: string | undefined;
  /** One SELECT that only reads. */
  readonly query?: string | undefined;
}

/**
 * Looks rows up that vectors are taken from, in a transaction, whose `search_path` becomes that of the role where a query
 * is given.
 *
 * @param column its name as it is, without quotes; absent: the only column of vectors
 * @throws {PgvtuneError} `usage` for what does not exist, is no single SELECT that only reads, or has no such column;
 *   `server` with 42501 when the role may not read it
 */
export async function readRelation(
  session: Session,
  { table: name, query }: RelationName,
  column?: string,
): Promise<LiveRelation> {
  if (query !== undefined) {
    const from = `(${await checkedQuery(session, query)}\n) AS pgvtune_query`;
    return describeRows(session, { kind: 'query', label: 'the query', from, joined: null }, column);
  }
  const { isView, ...found } = await findRelation(session, name!);
  if (isView) {
    return describeRows(session, { kind: 'view', label: found.label, from: found.quoted, joined: found }, column);
  }
  const table = await describeTable(session, found, column);
  const { label, column: vectors, columns, primaryKey, indexes } = table;
  const own = { column: vectors, columns, primaryKey, metric: metricOf(indexes), joined: found, table };
  return { kind: 'table', label, from: found.quoted, ...own };
}

/** @throws {PgvtuneError} `usage` */
async function checkedQuery(session: Session, given: string): Promise<string> {
  await loadGrammar();
  const { root, text } = readRowsQuery(given);
  await applySettings(session, { search_path: await ownSearchPath(session) });
  refuseVolatile(await volatileAmong(session, root), 'The query');
  return text;
}

async function describeRows(
  session: Session,
  { kind, label, from, joined }: Pick<LiveRelation, 'kind' | 'label' | 'from' | 'joined'>,
  wanted: string | undefined,
): Promise<LiveRelation> {
  const output = await session.describe(`SELECT * FROM ${from}`).catch((error: unknown) => {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    throw new PgvtuneError('usage', `The server refuses ${label}: ${refusal.why}.`, {
      hint: 'It runs as this role, with its own search_path.',
      sqlstate: refusal.sqlstate,
      cause: error,
    });
  });
  const columns = await readOutputColumns(session, output);
  const column = chooseColumn(label, columns, wanted);
  const metric = await metricOfOrigin(
    session,
    output.find(({ name }) => name === column.name)!,
  );
  return { kind, label, from, column, columns: named(columns, column), primaryKey: [], metric, joined, table: null };
}

/** Columns that can be told apart by their names. @throws {PgvtuneError} `usage` when the vectors cannot */
function named(columns: readonly TableColumn[], { name: vectors }: VectorColumn): readonly TableColumn[] {
  const once = columns.filter(({ name }) => columns.filter((other) => other.name === name).length === 1);
  if (once.some(({ name }) => name === vectors)) return once;
  throw new PgvtuneError('usage', `The query has several columns "${vectors}".`, {
    hint: 'Give them different names (AS).',
  });
}

/** Of the indexes on the column of a table that a column is as it stands, also through views that this role may read. */
async function metricOfOrigin(session: Session, { origin }: OutputColumn): Promise<Metric | null> {
  if (origin === null) return null;
  const [from] = await session.query<FoundTable & { column: string; view: string | null }>(
    `SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS label, format('%I.%I', n.nspname, c.relname) AS quoted,
            a.attname AS column, CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END AS view
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = $2
      WHERE c.oid = $1`,
    [origin.table, origin.column],
  );
  if (!from) return null;
  if (from.view !== null) {
    const below = await outputOfView(session, from.view);
    const column = below?.[origin.column - 1];
    return column ? metricOfOrigin(session, column) : null;
  }
  const leaves = await readLeaves(session, from);
  const oids = leaves.map(({ oid }) => oid);
  return metricOf(await readVectorIndexes(session, oids, from.column));
}

/** Null where this role may read the view, and not what it is made of. */
async function outputOfView(session: Session, definition: string): Promise<readonly OutputColumn[] | null> {
  await session.query('SAVEPOINT pgvtune_view');
  try {
    return await session.describe(definition.replace(/;\s*$/, ''));
  } catch (error) {
    if (!(error instanceof PgvtuneError) || error.sqlstate !== '42501') throw error;
    return null;
  } finally {
    await session.query('ROLLBACK TO SAVEPOINT pgvtune_view');
  }
}

function metricOf(indexes: readonly VectorIndex[]): Metric | null {
  const metrics = new Set(indexes.flatMap(({ operator }) => metricOfOperator(operator) ?? []));
  return metrics.size === 1 ? [...metrics][0]! : null;
}
