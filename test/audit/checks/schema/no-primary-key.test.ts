import { expect, it } from 'vitest';
import { noPrimaryKey } from '../../../../src/audit/checks/schema/no-primary-key.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('no-primary-key', () => {
  it('speaks of a table without one, until it has one', () =>
    expectMended(noPrimaryKey, ['CREATE TABLE logs (at timestamptz)', 'INSERT INTO logs VALUES (now())'], {
      severity: 'medium',
      object: 'public.logs',
      data: { table: 'public.logs', rows: 1, candidate: null },
    }));

  it('takes a unique index over where its columns are not null', () =>
    expectMended(noPrimaryKey, ['CREATE TABLE logs (id int NOT NULL)', 'CREATE UNIQUE INDEX logs_id ON logs (id)'], {
      severity: 'info',
      object: 'public.logs',
      data: expect.objectContaining({ candidate: 'logs_id' }),
    }));

  it('names a partitioned table once', () =>
    expectFound(
      noPrimaryKey,
      ['CREATE TABLE parts (id int) PARTITION BY RANGE (id)', 'CREATE TABLE part PARTITION OF parts DEFAULT'],
      { object: 'public.parts', remedy: null },
    ));

  it('is silent where there is one', () => expectSilence(noPrimaryKey, 'CREATE TABLE logs (id int PRIMARY KEY)'));
});
