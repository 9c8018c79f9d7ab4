import { expect, it } from 'vitest';
import type { Statement } from '../../../../src/audit/index.js';
import type { StatementStatistics } from '../../../../src/audit/snapshot/statements.js';
import { isUnread } from '../../../../src/findings.js';
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

  it('is less severe about one that takes next to nothing of the time, unless a call is slow', async () => {
    const database = await databaseWith(...TABLE);
    await search(database, 'SELECT id FROM orders WHERE customer = $1');
    const snapshot = await databaseSnapshot(database);
    if (isUnread(snapshot.statements)) throw new Error(snapshot.statements.unread);
    const { statements } = snapshot.statements;
    const own = statements.find(({ query }) => query.includes('WHERE customer'))!;
    const counted = (counters: Partial<Statement>, others: Partial<Statement>) =>
      foundBy(scanningStatement, {
        ...snapshot,
        statements: {
          ...(snapshot.statements as StatementStatistics),
          statements: [
            { ...own, ...counters },
            { ...own, id: '1', shape: null, ...others },
          ],
        },
      });
    const rest = { executionMs: 10_000, planningMs: 0 };
    // As measured on a database of 200 tables: 40 calls of 0.2 ms, and 40 of 1.1 ms.
    expect(counted({ executionMs: 8, planningMs: 0, meanMs: 0.2 }, rest)).toEqual([
      expect.objectContaining({ severity: 'info' }),
    ]);
    expect(counted({ executionMs: 44, planningMs: 0, meanMs: 1.1 }, rest)).toEqual([
      expect.objectContaining({ severity: 'low' }),
    ]);
    expect(counted({ executionMs: 800, meanMs: 20 }, { ...rest, executionMs: 1e9 })).toEqual([
      expect.objectContaining({ severity: 'low' }),
    ]);
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
