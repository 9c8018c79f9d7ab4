import { expect, it } from 'vitest';
import { mostlyNullIndex } from '../../../../src/audit/checks/indexes/mostly-null-index.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

const TABLE = [
  'CREATE TABLE orders (id int, refund int)',
  'INSERT INTO orders SELECT i, CASE WHEN i % 10 = 0 THEN i END FROM generate_series(1, 200000) AS i',
  'CREATE INDEX orders_refund ON orders (refund)',
  'ANALYZE orders',
];

describeWithServers('mostly-null-index', () => {
  it('speaks of an index of nulls, until there is a partial one', () =>
    expectMended(mostlyNullIndex, TABLE, {
      severity: 'info',
      object: 'public.orders.orders_refund',
      data: expect.objectContaining({ column: 'refund', nullFraction: expect.closeTo(0.9, 1) }),
    }));

  it('is silent where few are null, and where the index is unique', () =>
    expectSilence(
      mostlyNullIndex,
      ...TABLE,
      'DROP INDEX orders_refund',
      'CREATE UNIQUE INDEX orders_refund ON orders (refund)',
      'CREATE INDEX orders_id ON orders (id)',
    ));
});
