import { expect, it } from 'vitest';
import { nearestInLoop } from '../../../../src/audit/checks/n-plus-one/nearest-in-loop.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy, repeat } from '../../../support/database-checks.js';

describeWithServers('nearest-in-loop', () => {
  const TABLES = [
    'CREATE EXTENSION pg_stat_statements',
    'CREATE EXTENSION vector',
    'CREATE TABLE docs (id int PRIMARY KEY, v vector(3))',
    "INSERT INTO docs SELECT i, '[1,2,3]' FROM generate_series(1, 50) AS i",
  ];
  const SEARCH = 'SELECT id FROM docs ORDER BY v <-> $1 LIMIT 3';

  it('speaks where a search is sent for each row', async () => {
    const database = await databaseWith(...TABLES);
    await asApplication(database, async (session) => {
      await repeat(session, 1, 'SELECT id, v FROM docs WHERE id > $1', () => [0]);
      await repeat(session, 50, SEARCH, () => ['[1,2,3]']);
    });
    expect(foundBy(nearestInLoop, await databaseSnapshot(database))).toEqual([
      expect.objectContaining({ severity: 'low', data: expect.objectContaining({ parentRows: 50, searchCalls: 50 }) }),
    ]);
  });

  it('is silent about searches on their own', async () => {
    const database = await databaseWith(...TABLES);
    await asApplication(database, (session) => repeat(session, 30, SEARCH, () => ['[1,2,3]']));
    expect(foundBy(nearestInLoop, await databaseSnapshot(database))).toEqual([]);
  });
});
