import { columnSql } from '../../json-path.js';
import { columnType, columnTypeSql, createTableSql, storedTables } from '../../indexes/index.js';
import { type Layout, type Metric, SINGLE_TABLE } from '../../vocabulary.js';
import { shortHash } from '../../canonical-json.js';
import type { Dataset } from '../../datasets/index.js';
import {
  ident,
  literal,
  loadVectors,
  type Server,
  type Session,
  tableBytes,
  type Workspace,
} from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import type { Clock } from '../../measure/index.js';
import { type BuildRecord, builtIndexes, type LoadRecord } from '../../results/index.js';
import {
  type Column,
  columnDefinition,
  createJoinedTable,
  ITEMS,
  KEY_INDEX,
  sqlTypeText,
  valueText,
} from '../../workloads/index.js';
import { createEnums, contentDefinitions, contentValues, type TableContents, VECTORS_ONLY } from './contents.js';

/** The table of a benchmark: row numbers, vectors, and what the workloads need beside them. */
export const TABLE = ITEMS;

/**
 * Puts the dataset's base into the scratch schema, unless an earlier part of the same run left it there: creates the
 * tables, copies the rows, counts them, and brings statistics and visibility up to date.
 *
 * @returns what was done; null when the table was there already
 */
export async function loadDataset(
  server: Server,
  session: Session,
  workspace: Workspace,
  dataset: Dataset,
  options: {
    readonly clock: Clock;
    readonly reporter: Reporter;
    readonly metric: Metric;
    readonly contents?: TableContents;
    readonly layout?: Layout;
  },
): Promise<LoadRecord | null> {
  const { clock, reporter, metric, contents = VECTORS_ONLY, layout = SINGLE_TABLE } = options;
  const table = workspace.quote(TABLE);
  const definitions = contentDefinitions(contents);
  const isPlain = definitions.length === 0;
  const mark = [
    `pgvtune dataset ${dataset.manifest.hash}`,
    ...(isPlain ? [] : [`with ${shortHash(contents)}`]),
    ...(layout.kind !== 'partitioned' ? [] : [`in ${layout.partitions} partitions`]),
  ].join(' ');
  if (await tableExists(session, table, mark)) return null;

  const { rows, dimensions } = dataset.manifest;
  await session.query(`DROP TABLE IF EXISTS ${table}`);
  for (const statement of createEnums(enumColumns(contents, dataset))) await session.query(statement);
  const columns = ['id bigint PRIMARY KEY', `embedding ${columnTypeSql(metric, dimensions)} NOT NULL`, ...definitions];
  await createTable(session, workspace, TABLE, { content: columns.join(', '), layout });

  const task = reporter.start({ code: 'load-table', data: {} }, rows, 'rows');
  const start = clock.now();
  const { method } = await loadVectors([session], server.capabilities, {
    table,
    type: columnType(metric),
    blocks: dataset.blocks(),
    beside: isPlain ? undefined : contentValues(contents, dataset),
    onProgress: (done) => task.update(done),
  });
  const seconds = (clock.now() - start) / 1000;
  task.finish();
  const key = contents.columns.find((column) => column.key);
  if (key)
    await session.query(`CREATE INDEX ${ident(KEY_INDEX)} ON ${table} (${columnSql(key.name)})`, [], {
      deadlineMs: Infinity,
    });
  for (const join of contents.joins) await loadJoined(session, workspace, { dataset, join });
  await session.query(`VACUUM (ANALYZE) ${table}`, [], { deadlineMs: Infinity });
  // Written last: a table without it was not finished.
  await session.query(`COMMENT ON TABLE ${table} IS ${literal(mark)}`);
  return { type: 'load', key: 'load', rows, seconds, method, tableBytes: await tableBytes(session, table) };
}

/** Makes an empty table. @param content its columns, or what it is to be like */
export async function createTable(
  session: Session,
  workspace: Workspace,
  name: string,
  { content, layout }: { readonly content: string; readonly layout: Layout },
): Promise<void> {
  const { quote } = workspace;
  for (const statement of createTableSql(name, { content, layout, quote })) await session.query(statement);
  // Autovacuum would come and go between the blocks of a comparison; tables are vacuumed once they are filled.
  for (const stored of storedTables(name, layout)) {
    await session.query(`ALTER TABLE ${quote(stored)} SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)`);
  }
}

/** Every column of the run's tables whose type may have to be made first. */
function enumColumns({ columns, joins }: TableContents, { manifest }: Dataset): readonly Column[] {
  const joined = new Set(joins.flatMap((join) => [join.key, ...join.columns]));
  return [...columns, ...manifest.columns.filter(({ name }) => joined.has(name))];
}

const JOINED_ROWS = 1000;

/** Makes the table that rows point to, from what they say of it. */
async function loadJoined(
  session: Session,
  workspace: Workspace,
  { dataset, join }: { readonly dataset: Dataset; readonly join: TableContents['joins'][number] },
): Promise<void> {
  const gathered = createJoinedTable(join);
  for await (const { attributes } of dataset.rows()) gathered.add(attributes);
  const all = dataset.manifest.columns;
  const key = all.filter(({ name }) => name === join.key).map((column) => ({ ...column, name: 'id' }));
  const columns: readonly Column[] = [...key, ...all.filter(({ name }) => join.columns.includes(name))];
  const table = workspace.quote(join.table);
  await session.query(`DROP TABLE IF EXISTS ${table}`);
  await session.query(`CREATE TABLE ${table} (${columns.map(columnDefinition).join(', ')})`);
  // Each column travels as a list of texts: those of unlike lengths could not be unnested otherwise.
  const casts = columns.map((column, i) => `c${i}::${sqlTypeText(column)}`).join(', ');
  const names = columns.map((_, i) => `c${i}`).join(', ');
  const lists = columns.map((_, i) => `$${i + 1}::text[]`).join(', ');
  const entries = [...gathered.entries()];
  for (let first = 0; first < entries.length; first += JOINED_ROWS) {
    const some = entries.slice(first, first + JOINED_ROWS);
    await session.query(
      `INSERT INTO ${table} SELECT ${casts} FROM unnest(${lists}) AS t(${names})`,
      columns.map((column) => some.map((entry) => valueText(column, entry[column.name])) as string[]),
    );
  }
  await session.query(`ALTER TABLE ${table} ADD PRIMARY KEY (id)`);
  await session.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off)`);
  await session.query(`VACUUM (ANALYZE) ${table}`, [], { deadlineMs: Infinity });
}

async function commentOf(session: Session, table: string): Promise<string | null> {
  const rows = await session.query<{ comment: string | null }>(
    "SELECT obj_description(to_regclass($1), 'pg_class') AS comment",
    [table],
  );
  return rows[0]?.comment ?? null;
}

/** Whether there is a table; with `comment`, one that says so of itself. `table` is quoted and qualified. */
export const tableExists = async (session: Session, table: string, comment: string): Promise<boolean> =>
  (await commentOf(session, table)) === comment;

/** Drops an index of the scratch schema, if it is there. */
export async function dropIndex(session: Session, workspace: Workspace, name: string): Promise<void> {
  await session.query(`DROP INDEX IF EXISTS ${ident(workspace.schema)}.${ident(name)}`, [], { deadlineMs: Infinity });
}

/** Drops what a build left on the server, but for a copy of the table, which other builds use. */
export async function dropBuild(
  { session, workspace }: { readonly session: Session; readonly workspace: Workspace },
  build: BuildRecord | undefined,
): Promise<void> {
  for (const { name } of build ? builtIndexes(build) : []) await dropIndex(session, workspace, name);
}
