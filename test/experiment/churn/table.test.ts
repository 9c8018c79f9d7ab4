import { expect, it } from 'vitest';
import { planChanges } from '../../../src/experiment/churn/changes.js';
import { applyChanges, CHURN_TABLE, fillTable } from '../../../src/experiment/churn/table.js';
import { openWorkspace } from '../../../src/postgres/index.js';
import { createRandom } from '../../../src/random.js';
import { churnRequest } from '../../support/records.js';
import { describeServers } from '../../support/servers.js';

const ROWS = 300;

await describeServers('the table under churn', (server) => {
  it('holds what inserts, updates and deletes leave', async () => {
    const workspace = await openWorkspace(server(), 'churn-table');
    const session = await workspace.connect('test');
    await session.query(`CREATE TABLE ${workspace.quote('items')} (id bigint PRIMARY KEY, embedding vector(2))`);
    await session.query(
      `INSERT INTO ${workspace.quote('items')} SELECT i, ('[' || i || ',1]')::vector FROM generate_series(0, ${ROWS - 1}) i`,
    );
    const order = Array.from({ length: ROWS }, (_, row) => row);
    const plan = planChanges(
      order,
      churnRequest({ turnover: 0.3, mix: { insert: 0.3, update: 0.4, delete: 0.3 } }),
      createRandom(3),
    );
    await fillTable(session, workspace, { rows: plan.start, dimensions: 2, metric: 'l2' });

    // The same by hand: row → the number in its vector.
    const wanted = new Map(plan.start.map((row) => [row, row]));
    for (const batch of plan.rounds.flat()) {
      await applyChanges(session, workspace, batch);
      for (const { id, source } of batch.update) wanted.set(id, source);
      for (const row of batch.insert) wanted.set(row, row);
      for (const id of batch.delete) wanted.delete(id);
    }
    const rows = await session.query<{ id: string; embedding: string }>(
      `SELECT id::text, embedding::text FROM ${workspace.quote(CHURN_TABLE)} AS t ORDER BY t.id`,
    );
    expect(rows).toEqual(
      [...wanted].sort(([a], [b]) => a - b).map(([id, source]) => ({ id: String(id), embedding: `[${source},1]` })),
    );
    await workspace.drop();
  });
});
