import { expect, it } from 'vitest';
import { manyIndexes } from '../../../../src/audit/checks/indexes/many-indexes.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, run } from '../../../support/database-checks.js';

const COLUMNS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

describeWithServers('many-indexes', () => {
  it('speaks where each of many updates writes to each of many indexes, and not where they are few', async () => {
    const database = await databaseWith(
      `CREATE TABLE wide (${COLUMNS.map((n) => `c${n} int`).join(', ')})`,
      ...COLUMNS.map((n) => `CREATE INDEX wide_c${n} ON wide (c${n})`),
      'INSERT INTO wide SELECT i, i, i, i, i, i, i, i, i FROM generate_series(1, 10000) AS i',
      'UPDATE wide SET c1 = c1 + 1',
    );
    const found = async () => foundBy(manyIndexes, await databaseSnapshot(database));
    expect(await found()).toEqual([
      expect.objectContaining({
        severity: 'info',
        object: 'public.wide',
        data: expect.objectContaining({ indexes: 9, updates: 10_000, hotUpdates: 0 }),
      }),
    ]);
    await run(database, 'DROP INDEX wide_c9');
    expect(await found()).toEqual([]);
  });
});
