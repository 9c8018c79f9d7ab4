import { expect, it } from 'vitest';
import { invalidIndex } from '../../../../src/audit/checks/indexes/invalid-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, run } from '../../../support/database-checks.js';

const TABLE = 'CREATE TABLE orders (id int PRIMARY KEY, total int)';

describeWithServers('invalid-index', () => {
  it('speaks of an index whose concurrent build failed, until it is rebuilt', async () => {
    const database = await databaseWith(TABLE, 'INSERT INTO orders VALUES (1, 5), (2, 5)');
    await expect(run(database, 'CREATE UNIQUE INDEX CONCURRENTLY orders_total ON orders (total)')).rejects.toThrow();
    await run(database, 'DELETE FROM orders WHERE id = 2');
    const found = foundBy(invalidIndex, await databaseSnapshot(database));
    expect(found).toEqual([
      expect.objectContaining({
        code: 'invalid-index',
        severity: 'high',
        object: 'public.orders.orders_total',
        data: { index: 'orders_total', bytes: expect.any(Number), unique: true, leftover: false },
      }),
    ]);
    await mend(database, found);
    expect(foundBy(invalidIndex, await databaseSnapshot(database))).toEqual([]);
  });

  it('drops what an interrupted REINDEX CONCURRENTLY left', async () => {
    const database = await databaseWith(
      TABLE,
      'CREATE INDEX orders_total_ccnew ON orders (total)',
      "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_total_ccnew'::regclass",
    );
    const found = foundBy(invalidIndex, await databaseSnapshot(database));
    expect(found.map(({ data, remedy }) => [data.leftover, remedy?.step])).toEqual([[true, 'drop']]);
    await mend(database, found);
    expect(foundBy(invalidIndex, await databaseSnapshot(database))).toEqual([]);
  });

  it('is silent about valid indexes, one in build, and that of a partitioned table', async () => {
    const database = await databaseWith(
      TABLE,
      'CREATE TABLE parts (id int) PARTITION BY RANGE (id)',
      'CREATE TABLE part PARTITION OF parts DEFAULT',
      'CREATE INDEX parts_id ON ONLY parts (id)',
    );
    const snapshot = await databaseSnapshot(database);
    expect(foundBy(invalidIndex, snapshot)).toEqual([]);
    const [index] = snapshot.indexes.filter(({ name }) => name === 'orders_pkey');
    const inBuild = {
      ...snapshot,
      indexes: [{ ...index!, valid: false }],
      indexesInBuild: [index!.oid],
    };
    expect(foundBy(invalidIndex, inBuild)).toEqual([]);
  });
});
