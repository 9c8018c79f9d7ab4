import { expect, it } from 'vitest';
import { scanningStatement } from '../../../../src/audit/checks/statements/scanning-statement.js';
import { describeWithServers } from '../../../support/check-servers.js';
import {
  asApplication,
  databaseSnapshot,
  databaseWith,
  foundBy,
  repeat,
  mend,
} from '../../../support/database-checks.js';

describeWithServers('scanning-statement', () => {
  const TABLE = [
    'CREATE EXTENSION pg_stat_statements',
    'CREATE TABLE orders (id int PRIMARY KEY, customer int, state int)',
    'INSERT INTO orders SELECT i, i % 500, 1 FROM generate_series(1, 5000) AS i',
    'ANALYZE orders',
  ];
  const search = (database: string, text: string): Promise<void> =>
    asApplication(database, (session) => repeat(session, 30, text, (time) => [time]));

  it('speaks of a search by a column without an index, until it has one', async () => {
    const database = await databaseWith(...TABLE);
    const text = 'SELECT id FROM orders WHERE customer = $1';
    await search(database, text);
    const found = foundBy(scanningStatement, await databaseSnapshot(database));
    expect(found).toEqual([
      expect.objectContaining({
        object: expect.stringContaining(text),
        data: expect.objectContaining({ table: 'public.orders', columns: ['customer'], calls: 30, rowsPerCall: 10 }),
        remedy: expect.objectContaining({
          statements: [
            'CREATE INDEX CONCURRENTLY IF NOT EXISTS "orders_customer_idx" ON "public"."orders" ("customer");',
          ],
        }),
      }),
    ]);
    await mend(database, found);
    expect(foundBy(scanningStatement, await databaseSnapshot(database))).toEqual([]);
  });

  it('is silent where an index is used, where most rows match, and about vectors', async () => {
    const database = await databaseWith(...TABLE);
    await search(database, 'SELECT state FROM orders WHERE id = $1');
    await asApplication(database, (session) =>
      repeat(session, 30, 'SELECT id FROM orders WHERE state = $1', () => [1]),
    );
    expect(foundBy(scanningStatement, await databaseSnapshot(database))).toEqual([]);
  });
});
