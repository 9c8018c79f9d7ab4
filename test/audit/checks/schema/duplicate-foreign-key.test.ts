import { expect, it } from 'vitest';
import { duplicateForeignKey } from '../../../../src/audit/checks/schema/duplicate-foreign-key.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('duplicate-foreign-key', () => {
  it('speaks of the same rule twice, until one is dropped', () =>
    expectMended(
      duplicateForeignKey,
      [
        'CREATE TABLE a (id int PRIMARY KEY)',
        'CREATE TABLE b (a int CONSTRAINT one REFERENCES a)',
        'ALTER TABLE b ADD CONSTRAINT two FOREIGN KEY (a) REFERENCES a NOT VALID',
      ],
      { severity: 'low', object: 'public.b.two', data: expect.objectContaining({ constraint: 'two', kept: 'one' }) },
    ));

  it('is silent about rules that differ', () =>
    expectSilence(
      duplicateForeignKey,
      'CREATE TABLE a (id int PRIMARY KEY)',
      'CREATE TABLE b (a int REFERENCES a, c int REFERENCES a)',
      'ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a ON DELETE CASCADE',
    ));
});
