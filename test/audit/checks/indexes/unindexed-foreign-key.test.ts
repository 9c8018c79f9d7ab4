import { expect, it } from 'vitest';
import { unindexedForeignKey } from '../../../../src/audit/checks/indexes/unindexed-foreign-key.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, run, undo } from '../../../support/database-checks.js';

const TABLES = [
  'CREATE TABLE customers (id int PRIMARY KEY)',
  'INSERT INTO customers SELECT generate_series(1, 10)',
  `CREATE TABLE orders (id int PRIMARY KEY, "Customer" int REFERENCES customers ON DELETE CASCADE, day date)`,
  'INSERT INTO orders SELECT i, 1 + i % 10, now() FROM generate_series(1, 2000) AS i',
  'ANALYZE orders',
];
const found = async (database: string) => foundBy(unindexedForeignKey, await databaseSnapshot(database));

describeWithServers('unindexed-foreign-key', () => {
  it('speaks of a key whose table cannot be searched by it, until it can', async () => {
    const database = await databaseWith(...TABLES, 'DELETE FROM customers WHERE id = 1');
    const findings = await found(database);
    expect(findings).toEqual([
      expect.objectContaining({
        severity: 'medium',
        object: 'public.orders.orders_Customer_fkey',
        data: {
          constraint: 'orders_Customer_fkey',
          table: 'public.orders',
          columns: ['Customer'],
          parent: 'public.customers',
          rows: 2000,
          parentDeletes: 1,
          parentUpdates: 0,
          onDelete: 'cascade',
        },
      }),
    ]);
    await mend(database, findings);
    expect(await found(database)).toEqual([]);
    await undo(database, findings);
    expect((await found(database)).map(({ object }) => object)).toEqual(['public.orders.orders_Customer_fkey']);
  });

  it('is less severe where nothing is deleted, and where the table is small', async () => {
    const database = await databaseWith(...TABLES);
    expect((await found(database)).map(({ severity }) => severity)).toEqual(['low']);
    await run(database, 'TRUNCATE orders', 'ANALYZE orders');
    expect((await found(database)).map(({ severity }) => severity)).toEqual(['info']);
  });

  it.each([
    ['partial by another column', '("Customer") WHERE day IS NOT NULL'],
    ['with the column behind INCLUDE', '(day) INCLUDE ("Customer")'],
    ['that does not begin with the column', '(day, "Customer")'],
  ])('is not content with an index %s', async (_title, keys) => {
    expect(await found(await databaseWith(...TABLES, `CREATE INDEX ON orders ${keys}`))).toHaveLength(1);
  });

  it.each([
    ['of the column', '("Customer")'],
    ['that begins with it', '("Customer", day)'],
    ['of the rows that refer to something', '("Customer") WHERE "Customer" IS NOT NULL'],
  ])('is silent with an index %s', async (_title, keys) => {
    expect(await found(await databaseWith(...TABLES, `CREATE INDEX ON orders ${keys}`))).toEqual([]);
  });

  it('takes the columns of a key in any order', async () => {
    const database = await databaseWith(
      'CREATE TABLE a (x int, y int, PRIMARY KEY (x, y))',
      'CREATE TABLE b (p int, q int, r int, FOREIGN KEY (p, q) REFERENCES a)',
      'CREATE INDEX ON b (q, p, r)',
    );
    expect(await found(database)).toEqual([]);
    await run(
      database,
      'CREATE TABLE c (p int, q int, r int, FOREIGN KEY (p, q) REFERENCES a)',
      'CREATE INDEX ON c (q, r, p)',
    );
    expect((await found(database)).map(({ object }) => object)).toEqual(['public.c.c_p_q_fkey']);
  });

  it('mends a partitioned table', async () => {
    const database = await databaseWith(
      'CREATE TABLE a (x int PRIMARY KEY)',
      'CREATE TABLE b (p int REFERENCES a) PARTITION BY RANGE (p)',
      'CREATE TABLE b1 PARTITION OF b DEFAULT',
    );
    const findings = await found(database);
    expect(findings.map(({ object }) => object)).toEqual(['public.b.b_p_fkey']);
    await mend(database, findings);
    expect(await found(database)).toEqual([]);
  });
});
