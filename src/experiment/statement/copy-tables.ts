import { PgvtuneError } from '../../errors.js';
import { fetchRows, type LiveTable, sampleRows, type StatementTable } from '../../live/index.js';
import { applySettings, type Session, type Settings } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import type { Random } from '../../random.js';
import { formatCount } from '../../units.js';

export interface CopyOptions {
  /** The table of the vectors. */
  readonly vectors: LiveTable;
  /** Rows of it, at most; a random sample of more. */
  readonly rows: number;
  readonly random: Random;
  readonly deadlineMs: number;
  readonly reporter: Reporter;
}

export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
  readonly isSample: boolean;
}

/** Rows of a table that is joined: more would be no copy to make on the way. */
const MOST_JOINED = 2_000_000;
const BATCH_ROWS = 2000;
/** Values as text that every server reads alike, as pg_dump writes them. */
const PORTABLE: Settings = { datestyle: 'ISO', intervalstyle: 'postgres', extra_float_digits: '3' };

/**
 * Makes the tables of a statement on another server, under the names that they have: the table of the vectors as a random
 * sample where it is larger, those that are joined with all their rows, both with their indexes, but for those on vectors.
 *
 * @param from in a read-only transaction
 */
export async function copyTables(
  from: Session,
  to: Session,
  tables: readonly StatementTable[],
  options: CopyOptions,
): Promise<readonly CopiedTable[]> {
  for (const schema of new Set(tables.map((table) => table.schema))) {
    await to.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  }
  for (const type of new Set(tables.flatMap(({ types }) => types))) await to.query(type);
  await applySettings(from, PORTABLE);
  const copied: CopiedTable[] = [];
  for (const table of tables) {
    const columns = table.columns.map(({ quoted, type }) => `${quoted} ${type}`);
    await to.query(`CREATE TABLE ${table.quoted} (${columns.join(', ')})`);
    const isVectors = table.oid === options.vectors.oid;
    const batches = isVectors ? sampled(from, table, options) : everything(from, table, options);
    let rows = 0;
    const task = options.reporter.start({ code: 'copy-table', data: { table: table.label } }, 1, 'share');
    for await (const batch of batches) {
      await insert(to, table, batch);
      rows += batch.length;
    }
    task.finish();
    for (const definition of table.indexes) await to.query(definition, [], { deadlineMs: Infinity });
    await to.query(`ANALYZE ${table.quoted}`);
    copied.push({ table: table.label, rows, isSample: isVectors && rows >= options.rows });
  }
  return copied;
}

type Row = Readonly<Record<string, string | null>>;

const select = ({ columns }: StatementTable): string =>
  columns.map(({ quoted }, i) => `${quoted}::text AS c${i}`).join(', ');

async function* sampled(
  from: Session,
  table: StatementTable,
  { vectors, rows, random, deadlineMs }: CopyOptions,
): AsyncGenerator<readonly Row[]> {
  const { positions } = await sampleRows(from, vectors, { rows, where: null, random, deadlineMs });
  positions.sort();
  for (let first = 0; first < positions.length; first += BATCH_ROWS) {
    yield await fetchRows<Row>(from, vectors, positions.subarray(first, first + BATCH_ROWS), () => select(table), {
      deadlineMs,
    });
  }
}

async function* everything(
  from: Session,
  table: StatementTable,
  { deadlineMs }: CopyOptions,
): AsyncGenerator<readonly Row[]> {
  await from.query(`DECLARE pgvtune_copy NO SCROLL CURSOR FOR SELECT ${select(table)} FROM ${table.quoted}`);
  let read = 0;
  for (;;) {
    const rows = await from.query<Row>(`FETCH ${BATCH_ROWS} FROM pgvtune_copy`, [], { deadlineMs });
    if (rows.length > 0) yield rows;
    read += rows.length;
    if (read > MOST_JOINED) throw tooLarge(table);
    if (rows.length < BATCH_ROWS) break;
  }
  await from.query('CLOSE pgvtune_copy');
}

async function insert(to: Session, { quoted, columns }: StatementTable, rows: readonly Row[]): Promise<void> {
  const arrays = columns.map((_, i) => `$${i + 1}::text[]`);
  const names = columns.map((_, i) => `c${i}`);
  const values = columns.map(({ type }, i) => `c${i}::${type}`);
  await to.query(
    `INSERT INTO ${quoted} SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS given(${names.join(', ')})`,
    // A missing value is null in an array of texts too.
    names.map((name) => rows.map((row) => row[name]!)),
  );
}

const tooLarge = ({ label }: StatementTable): PgvtuneError =>
  new PgvtuneError('usage', `${label} has more than ${formatCount(MOST_JOINED)} rows to copy.`, {
    hint: 'Measure the statement where it is, over values of a setting: pgvtune recall --sql FILE --sweep hnsw.ef_search=20..400',
  });
