import { expect, it } from 'vitest';
import { foreignKeyTypeMismatch } from '../../../../src/audit/checks/schema/foreign-key-type-mismatch.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('foreign-key-type-mismatch', () => {
  it('speaks of a key of another type, until it is the same', () =>
    expectMended(
      foreignKeyTypeMismatch,
      ['CREATE TABLE a (id int PRIMARY KEY)', 'CREATE TABLE b (a bigint REFERENCES a)'],
      {
        severity: 'medium',
        object: 'public.b.a',
        data: expect.objectContaining({ type: 'bigint', referencedType: 'integer' }),
      },
    ));

  it('is silent about equal types, and leaves narrower ones to another check', () =>
    expectSilence(
      foreignKeyTypeMismatch,
      'CREATE TABLE a (id bigint PRIMARY KEY)',
      'CREATE TABLE b (a bigint REFERENCES a)',
      'CREATE TABLE c (a int REFERENCES a)',
    ));
});
