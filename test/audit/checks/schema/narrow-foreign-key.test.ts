import { it } from 'vitest';
import { narrowForeignKey } from '../../../../src/audit/checks/schema/narrow-foreign-key.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('narrow-foreign-key', () => {
  it('speaks of an integer key that refers to a bigint, until it is one', () =>
    expectMended(narrowForeignKey, ['CREATE TABLE a (id bigint PRIMARY KEY)', 'CREATE TABLE b (a int REFERENCES a)'], {
      severity: 'medium',
      object: 'public.b.a',
      data: {
        constraint: 'b_a_fkey',
        column: 'public.b.a',
        type: 'integer',
        referenced: 'public.a.id',
        referencedType: 'bigint',
      },
    }));

  it('is silent about equal types and about a wider one', () =>
    expectSilence(
      narrowForeignKey,
      'CREATE TABLE a (id int PRIMARY KEY)',
      'CREATE TABLE b (a int REFERENCES a)',
      'CREATE TABLE c (a bigint REFERENCES a)',
    ));
});
