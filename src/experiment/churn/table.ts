import type { Session, Workspace } from '../../postgres/index.js';
import { columnTypeSql } from '../../indexes/index.js';
import type { Metric } from '../../vocabulary.js';
import { TABLE } from '../table/load.js';
import type { Changes } from './changes.js';

/** The table that is changed: a copy of the dataset's rows, filled and changed from the loaded table. Unquoted. */
export const CHURN_TABLE = 'items_changing';

const FOREVER = { deadlineMs: Infinity };

/** Makes the table with these rows. Autovacuum is off: upkeep comes when it is measured. */
export async function fillTable(
  session: Session,
  workspace: Workspace,
  {
    rows,
    dimensions,
    metric,
  }: { readonly rows: readonly number[]; readonly dimensions: number; readonly metric: Metric },
): Promise<void> {
  const [table, source] = [workspace.quote(CHURN_TABLE), workspace.quote(TABLE)];
  await session.query(`DROP TABLE IF EXISTS ${table}`);
  await session.query(
    `CREATE TABLE ${table} (id bigint PRIMARY KEY, embedding ${columnTypeSql(metric, dimensions)} NOT NULL)
     WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)`,
  );
  await session.query(
    `INSERT INTO ${table} SELECT i.id, i.embedding FROM unnest($1::bigint[]) WITH ORDINALITY AS r(id, place)
       JOIN ${source} AS i USING (id) ORDER BY r.place`,
    [rows.map(String)],
    FOREVER,
  );
  await session.query(`VACUUM (ANALYZE) ${table}`, [], FOREVER);
}

/** Makes some changes in one transaction. */
export async function applyChanges(session: Session, workspace: Workspace, changes: Changes): Promise<void> {
  const [table, source] = [workspace.quote(CHURN_TABLE), workspace.quote(TABLE)];
  await session.transaction(async () => {
    await session.query(
      `INSERT INTO ${table} SELECT id, embedding FROM ${source} WHERE id = ANY ($1::bigint[])`,
      [changes.insert.map(String)],
      FOREVER,
    );
    await session.query(
      `UPDATE ${table} AS t SET embedding = i.embedding
         FROM unnest($1::bigint[], $2::bigint[]) AS c(id, source) JOIN ${source} AS i ON i.id = c.source
        WHERE t.id = c.id`,
      [changes.update.map(({ id }) => String(id)), changes.update.map((change) => String(change.source))],
      FOREVER,
    );
    await session.query(`DELETE FROM ${table} WHERE id = ANY ($1::bigint[])`, [changes.delete.map(String)], FOREVER);
  });
}
