import { it } from 'vitest';
import { unvalidatedConstraint } from '../../../../src/audit/checks/schema/unvalidated-constraint.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('unvalidated-constraint', () => {
  it.each([
    ['a foreign key', 'two', 'ALTER TABLE b ADD CONSTRAINT two FOREIGN KEY (a) REFERENCES a NOT VALID'],
    ['a check', 'positive', 'ALTER TABLE b ADD CONSTRAINT positive CHECK (a > 0) NOT VALID'],
  ])('speaks of %s that holds for new rows only, until it is validated', (_title, constraint, statement) =>
    expectMended(unvalidatedConstraint, ['CREATE TABLE a (id int PRIMARY KEY)', 'CREATE TABLE b (a int)', statement], {
      severity: 'medium',
      object: `public.b.${constraint}`,
    }),
  );

  it('is silent about constraints that hold', () =>
    expectSilence(
      unvalidatedConstraint,
      'CREATE TABLE a (id int PRIMARY KEY)',
      'CREATE TABLE b (a int REFERENCES a CHECK (a > 0))',
    ));
});
