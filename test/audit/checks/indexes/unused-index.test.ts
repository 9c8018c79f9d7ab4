import { expect, it } from 'vitest';
import { unusedIndex } from '../../../../src/audit/checks/indexes/unused-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedFor, databaseSnapshot, databaseWith, foundBy, mend, undo } from '../../../support/database-checks.js';

const TABLES = [
  'CREATE TABLE customers (id int PRIMARY KEY)',
  'INSERT INTO customers VALUES (1)',
  'CREATE TABLE orders (id int, customer int NOT NULL REFERENCES customers, code int NOT NULL, note text)',
  'INSERT INTO orders SELECT i, 1, i, md5(i::text) FROM generate_series(1, 60000) AS i',
];

describeWithServers('unused-index', () => {
  it('speaks of an index that no query used for a month, until it is dropped', async () => {
    const database = await databaseWith(...TABLES, 'CREATE INDEX orders_note ON orders (note)');
    const after = async (days: number) => foundBy(unusedIndex, countedFor(days, await databaseSnapshot(database)));
    const found = await after(31);
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'medium',
        confidence: 'medium',
        object: 'public.orders.orders_note',
        data: expect.objectContaining({ index: 'orders_note', method: 'btree', writes: 60_000 }),
      }),
    ]);
    await mend(database, found);
    expect(await after(31)).toEqual([]);
    await undo(database, found);
    expect(await after(31)).toHaveLength(1);
  });

  it('is less sure the shorter the counters counted, and then says not what to do', async () => {
    const database = await databaseWith(...TABLES, 'CREATE INDEX orders_note ON orders (note)');
    const snapshot = await databaseSnapshot(database);
    expect(foundBy(unusedIndex, countedFor(8, snapshot))).toMatchObject([{ severity: 'low', confidence: 'low' }]);
    expect(foundBy(unusedIndex, countedFor(3, snapshot))).toMatchObject([{ severity: 'info', remedy: null }]);
  });

  it('is silent about one that a query used, and about a small one', async () => {
    const database = await databaseWith(
      ...TABLES,
      'CREATE INDEX orders_note ON orders (note)',
      'ANALYZE orders',
      "SELECT FROM orders WHERE note = 'x'",
      'CREATE INDEX orders_some ON orders (code) WHERE code < 5',
    );
    expect(foundBy(unusedIndex, countedFor(31, await databaseSnapshot(database)))).toEqual([]);
  });
});
