import type { Dataset } from '../datasets/index.js';
import {
  ident,
  literal,
  loadVectors,
  type Server,
  type Session,
  tableBytes,
  type Workspace,
} from '../postgres/index.js';
import type { Reporter } from '../progress.js';
import type { Clock } from '../measure/index.js';
import type { LoadRecord } from '../results/index.js';

/** The one table of a benchmark: row numbers and vectors. */
export const TABLE = 'items';

/**
 * Puts the dataset's base into the scratch schema, unless an earlier part of the same run left it there: creates the
 * table, copies the rows, counts them, and brings statistics and visibility up to date.
 *
 * @returns what was done; null when the table was there already
 */
export async function loadDataset(
  server: Server,
  session: Session,
  workspace: Workspace,
  dataset: Dataset,
  { clock, reporter }: { clock: Clock; reporter: Reporter },
): Promise<LoadRecord | null> {
  const table = workspace.quote(TABLE);
  const mark = `pgvtune dataset ${dataset.manifest.hash}`;
  if ((await commentOf(session, table)) === mark) return null;

  const { rows, dimensions } = dataset.manifest;
  await session.query(`DROP TABLE IF EXISTS ${table}`);
  await session.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, embedding vector(${dimensions}) NOT NULL)`);
  // Autovacuum would come and go between the blocks of a comparison; the table is vacuumed here, once.
  await session.query(`ALTER TABLE ${table} SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)`);

  const task = reporter.start('Loading', rows, 'rows');
  const start = clock.now();
  const { method } = await loadVectors([session], server.capabilities, {
    table,
    blocks: dataset.blocks(),
    onProgress: (done) => task.update(done),
  });
  const seconds = (clock.now() - start) / 1000;
  task.finish();
  await session.query(`VACUUM (ANALYZE) ${table}`, [], { deadlineMs: Infinity });
  // Written last: a table without it was not finished.
  await session.query(`COMMENT ON TABLE ${table} IS ${literal(mark)}`);
  return { type: 'load', key: 'load', rows, seconds, method, tableBytes: await tableBytes(session, table) };
}

async function commentOf(session: Session, table: string): Promise<string | null> {
  const rows = await session.query<{ comment: string | null }>(
    "SELECT obj_description(to_regclass($1), 'pg_class') AS comment",
    [table],
  );
  return rows[0]?.comment ?? null;
}

/** Drops an index of the scratch schema, if it is there. */
export async function dropIndex(session: Session, workspace: Workspace, name: string): Promise<void> {
  await session.query(`DROP INDEX IF EXISTS ${ident(workspace.schema)}.${ident(name)}`, [], { deadlineMs: Infinity });
}
