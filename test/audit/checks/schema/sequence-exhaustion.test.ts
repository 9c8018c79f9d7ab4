import { expect, it } from 'vitest';
import { sequenceExhaustion } from '../../../../src/audit/checks/schema/sequence-exhaustion.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('sequence-exhaustion', () => {
  it('speaks of a column that will be full soon, until it is wider', () =>
    expectMended(
      sequenceExhaustion,
      ['CREATE TABLE orders (id serial PRIMARY KEY)', "SELECT setval('orders_id_seq', 2000000000)"],
      {
        severity: 'high',
        object: 'public.orders_id_seq',
        data: {
          sequence: 'public.orders_id_seq',
          lastValue: 2_000_000_000,
          limit: 2_147_483_647,
          share: expect.closeTo(0.93, 2),
          column: 'public.orders.id',
        },
      },
    ));

  it('takes the column into account, not the sequence alone', () =>
    expectFound(
      sequenceExhaustion,
      [
        'CREATE TABLE orders (id int PRIMARY KEY)',
        'CREATE SEQUENCE numbers AS bigint OWNED BY orders.id',
        "SELECT setval('numbers', 1700000000)",
      ],
      { severity: 'medium', object: 'public.numbers' },
    ));

  it('is silent about one with room, one that cycles, and one that was never used', () =>
    expectSilence(
      sequenceExhaustion,
      'CREATE TABLE orders (id serial PRIMARY KEY)',
      "SELECT setval('orders_id_seq', 1000)",
      'CREATE SEQUENCE round MAXVALUE 10 CYCLE',
      "SELECT setval('round', 10)",
      'CREATE SEQUENCE fresh',
    ));
});
