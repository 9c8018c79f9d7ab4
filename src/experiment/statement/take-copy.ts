import { PgvtuneError } from '../../errors.js';
import {
  fetchRows,
  type LiveTable,
  type LoggedQuery,
  readLiveTable,
  readSearchOf,
  readStatementTables,
  sampleRows,
  type SearchOf,
  type StatementTable,
} from '../../live/index.js';
import { applySettings, readOnly, readServerFacts, type Session, type Settings } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import { createRandom } from '../../random.js';
import type { CopiedTable, StatementSubject, TunedParameter } from '../../results/index.js';
import { formatCount } from '../../units.js';
import type { Metric } from '../../vocabulary.js';
import { type CopiedRow, writeCopy } from './stored-copy.js';

/** An application's statement, and where its tables are. */
export interface StatementSource {
  /** Where the tables are; only read. */
  readonly live: Session;
  readonly table: string;
  readonly column?: string | undefined;
  /** One SELECT with a parameter for the vector; its LIMIT is k. */
  readonly statement: string;
  /** Of its parameters that are the same for every query, by their numbers; those of the others are drawn. */
  readonly values: ReadonlyMap<number, string>;
  /** Whether the application's own vectors are the queries; else rows are, which find themselves first. */
  readonly hasLog: boolean;
  /** What the statement was asked with, by a server's log; its parameters are not drawn then. */
  readonly executions?: readonly LoggedQuery[] | undefined;
  /** Rows of the table of the vectors that are copied, at most. */
  readonly rows: number;
  readonly deadlineMs: number;
  readonly seed: number;
  readonly reporter: Reporter;
}

export interface TakenCopy {
  readonly subject: StatementSubject;
  readonly metric: Metric;
  readonly hash: string;
}

/** Rows of a table that is joined: more would be no copy to make on the way. */
const MOST_JOINED = 2_000_000;
const BATCH_ROWS = 2000;
/** Values as text that every server reads alike, as pg_dump writes them. */
const PORTABLE: Settings = { datestyle: 'ISO', intervalstyle: 'postgres', extra_float_digits: '3' };

/**
 * Reads a statement and the tables that it names into files: the table of the vectors as a random sample where it is larger, those
 * that are joined with all their rows.
 *
 * @param check refuses, before rows are read, what no index can be tuned for
 * @throws {PgvtuneError} `usage` for a statement that is no search, or reads what no copy can be made of; `server`
 */
export const takeCopy = (
  source: StatementSource,
  folder: string,
  check: (subject: Omit<StatementSubject, 'copied'>, metric: Metric) => void,
): Promise<TakenCopy> =>
  readOnly(source.live, source, async () => {
    const { live } = source;
    const vectors = await readLiveTable(live, source.table, source.column);
    const search = await readSearchOf(live, vectors, source.statement, {
      values: source.values,
      isLogged: source.executions !== undefined,
    });
    // A row that is the query finds itself first.
    const k = search.limit - (source.hasLog || source.executions ? 0 : 1);
    if (k < 1) throw needsQueries();
    const tables = await readStatementTables(live, source.statement);
    const subject = subjectOf(source, { search, k, tables, server: await readServerFacts(live) });
    check(subject, search.metric);
    await applySettings(live, PORTABLE);
    const copy = writeCopy(folder);
    const copied: CopiedTable[] = [];
    for (const table of tables) {
      const isVectors = table.oid === vectors.oid;
      const task = source.reporter.start({ code: 'copy-table', data: { table: table.label } }, 1, 'share');
      const rows = await copy.table(table, isVectors ? sampled(source, table, vectors) : everything(source, table));
      task.finish();
      copied.push({ table: table.label, rows, isSample: isVectors && rows >= source.rows });
    }
    const rows = copied[tables.findIndex(({ oid }) => oid === vectors.oid)]!.rows;
    return {
      subject: { ...subject, rows: Math.max(rows, subject.rows), copied },
      metric: search.metric,
      hash: copy.finish(source.executions),
    };
  });

interface ReadStatement {
  readonly search: SearchOf;
  readonly k: number;
  readonly tables: readonly StatementTable[];
  readonly server: StatementSubject['server'];
}

function subjectOf(
  { values, hasLog, executions }: StatementSource,
  { search, k, tables, server: { pgvector, versionNumber } }: ReadStatement,
): Omit<StatementSubject, 'copied'> {
  const { original, limit, filters, path, table } = search;
  const { name, quoted, type, baseType, dimensions } = table.column;
  const { label, schema, quoted: qualified } = tables.find(({ oid }) => oid === table.oid)!;
  return {
    text: original,
    values: Array.from(values, ([number, value]) => ({ number, value })),
    k,
    limit,
    filters,
    path,
    table: { label, schema, quoted: qualified },
    column: { name, quoted, type, baseType, dimensions },
    rows: Math.max(0, table.leaves[0]!.estimatedRows),
    server: { pgvector, versionNumber },
    queries: executions ? 'executions' : hasLog ? 'log' : 'rows',
    parameters: parametersOf(search, values),
  };
}

const SOURCES = {
  value: 'row',
  'further value': 'other-rows',
  array: 'other-rows',
  low: 'other-rows',
  high: 'other-rows',
} as const;

const parametersOf = ({ drawn, logged }: SearchOf, values: StatementSource['values']): TunedParameter[] =>
  [
    ...Array.from(values, ([number, value]) => ({ number, source: 'given' as const, comparedWith: null, value })),
    ...drawn.map(({ number, label, as, isOuter }) => ({
      number,
      source: isOuter ? SOURCES[as] : ('table' as const),
      comparedWith: label,
      value: null,
    })),
    ...logged.map((number) => ({ number, source: 'executions' as const, comparedWith: null, value: null })),
  ].sort((a, b) => a.number - b.number);

const needsQueries = (): PgvtuneError =>
  new PgvtuneError('usage', 'The statement asks for one row, and a row of the table finds itself first.', {
    hint: "Give the application's own query vectors: --queries.",
  });

type Row = Readonly<Record<string, string | null>>;

const select = ({ columns }: StatementTable): string =>
  columns.map(({ quoted }, i) => `${quoted}::text AS c${i}`).join(', ');

const toRow =
  ({ columns }: StatementTable) =>
  (row: Row): CopiedRow =>
    columns.map((_, i) => row[`c${i}`] ?? null);

async function* sampled(
  { live, rows, seed, deadlineMs }: StatementSource,
  table: StatementTable,
  vectors: LiveTable,
): AsyncGenerator<readonly CopiedRow[]> {
  const random = createRandom(seed).fork('copy');
  const { positions } = await sampleRows(live, vectors, { rows, where: null, random, deadlineMs });
  positions.sort();
  for (let first = 0; first < positions.length; first += BATCH_ROWS) {
    const batch = positions.subarray(first, first + BATCH_ROWS);
    const found = await fetchRows<Row>(live, vectors, batch, () => select(table), { deadlineMs });
    yield found.map(toRow(table));
  }
}

async function* everything(
  { live, deadlineMs }: StatementSource,
  table: StatementTable,
): AsyncGenerator<readonly CopiedRow[]> {
  await live.query(`DECLARE pgvtune_copy NO SCROLL CURSOR FOR SELECT ${select(table)} FROM ${table.quoted}`);
  let read = 0;
  for (;;) {
    const rows = await live.query<Row>(`FETCH ${BATCH_ROWS} FROM pgvtune_copy`, [], { deadlineMs });
    if (rows.length > 0) yield rows.map(toRow(table));
    read += rows.length;
    if (read > MOST_JOINED) throw tooLarge(table);
    if (rows.length < BATCH_ROWS) break;
  }
  await live.query('CLOSE pgvtune_copy');
}

const tooLarge = ({ label }: StatementTable): PgvtuneError =>
  new PgvtuneError('usage', `${label} has more than ${formatCount(MOST_JOINED)} rows to copy.`, {
    hint: 'Measure the statement where it is, over values of a setting: pgvtune recall --sql FILE --sweep hnsw.ef_search=20..400',
  });
