import { expect, it } from 'vitest';
import { rowByRowInsert } from '../../../../src/audit/checks/n-plus-one/row-by-row-insert.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('row-by-row-insert', () => {
  const TABLE = ['CREATE EXTENSION pg_stat_statements', 'CREATE TABLE events (id int)'];

  it('speaks of thousands of single rows', async () => {
    const database = await databaseWith(...TABLE, "SET pg_stat_statements.track = 'all'");
    await asApplication(database, async (session) => {
      await session.query("SET pg_stat_statements.track = 'all'");
      await session.query('DO $$ BEGIN FOR i IN 1..10000 LOOP INSERT INTO events VALUES (i); END LOOP; END $$');
    });
    expect(foundBy(rowByRowInsert, await databaseSnapshot(database))).toEqual([
      expect.objectContaining({ severity: 'info', data: expect.objectContaining({ calls: 10_000, rows: 10_000 }) }),
    ]);
  });

  it('is silent about one statement with as many', async () => {
    const database = await databaseWith(...TABLE, 'INSERT INTO events SELECT generate_series(1, 10000)');
    expect(foundBy(rowByRowInsert, await databaseSnapshot(database))).toEqual([]);
  });
});
