import { expect, it } from 'vitest';
import { neededThoughUnused } from '../../../../src/audit/checks/indexes/needed-though-unused.js';
import { unusedIndex } from '../../../../src/audit/checks/indexes/unused-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { countedFor, databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

const TABLES = [
  'CREATE TABLE customers (id int PRIMARY KEY)',
  'INSERT INTO customers VALUES (1)',
  'CREATE TABLE orders (id int, customer int NOT NULL REFERENCES customers, code int NOT NULL, note text)',
  'INSERT INTO orders SELECT i, 1, i, md5(i::text) FROM generate_series(1, 60000) AS i',
];

describeWithServers('needed-though-unused', () => {
  it('names indexes that nothing scanned and that must stay, with all the reasons', async () => {
    const database = await databaseWith(
      ...TABLES,
      'CREATE UNIQUE INDEX orders_code ON orders (code)',
      'ALTER TABLE orders REPLICA IDENTITY USING INDEX orders_code',
      'CREATE INDEX orders_customer ON orders (customer)',
      'CREATE INDEX orders_lower ON orders (lower(note))',
      'CLUSTER orders USING orders_customer',
    );
    const snapshot = countedFor(31, await databaseSnapshot(database));
    expect(foundBy(unusedIndex, snapshot)).toEqual([]);
    const reasons = foundBy(neededThoughUnused, snapshot).map(({ data }) => [data.index, data.reasons]);
    expect(Object.fromEntries(reasons)).toEqual({
      orders_code: ['unique', 'replica-identity'],
      orders_lower: ['expression-statistics'],
    });
  });

  it('is silent about an index that nothing needs', async () => {
    const database = await databaseWith(...TABLES, 'CREATE INDEX orders_note ON orders (note)');
    expect(foundBy(neededThoughUnused, await databaseSnapshot(database))).toEqual([]);
  });
});
