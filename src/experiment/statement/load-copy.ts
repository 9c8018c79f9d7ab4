import { PgvtuneError } from '../../errors.js';
import type { StatementTable } from '../../live/index.js';
import type { Session } from '../../postgres/index.js';
import type { Reporter } from '../../progress.js';
import type { CopiedRow, StoredCopy } from './stored-copy.js';

/**
 * Makes tables under the names that they have where they are from, with their indexes but for those on vectors.
 *
 * @param hash of the copy as it was taken
 * @throws {PgvtuneError} `dataset` where the copy is another one; `server`
 */
export async function loadCopy(
  to: Session,
  copy: StoredCopy,
  { hash, reporter }: { readonly hash: string; readonly reporter: Reporter },
): Promise<void> {
  for (const schema of new Set(copy.tables.map((table) => table.schema))) {
    await to.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
  }
  for (const type of new Set(copy.tables.flatMap(({ types }) => types))) await to.query(type);
  for (const [n, table] of copy.tables.entries()) {
    const columns = table.columns.map(({ quoted, type }) => `${quoted} ${type}`);
    await to.query(`CREATE TABLE ${table.quoted} (${columns.join(', ')})`);
    const task = reporter.start({ code: 'load-copy', data: { table: table.label } }, 1, 'share');
    for await (const batch of copy.rows(n)) await insert(to, table, batch);
    for (const definition of table.indexes) await to.query(definition, [], { deadlineMs: Infinity });
    await to.query(`ANALYZE ${table.quoted}`, [], { deadlineMs: Infinity });
    task.finish();
  }
  if (copy.hash() === hash) return;
  throw new PgvtuneError('dataset', 'The copy of the tables is not the one that the run began with.', {
    hint: 'The files were damaged or edited. Restore them, or start a new run.',
  });
}

async function insert(to: Session, { quoted, columns }: StatementTable, rows: readonly CopiedRow[]): Promise<void> {
  const arrays = columns.map((_, i) => `$${i + 1}::text[]`);
  const names = columns.map((_, i) => `c${i}`);
  const values = columns.map(({ type }, i) => `c${i}::${type}`);
  await to.query(
    `INSERT INTO ${quoted} SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS given(${names.join(', ')})`,
    // A missing value is null in an array of texts too.
    columns.map((_, i) => rows.map((row) => row[i]!)),
  );
}
