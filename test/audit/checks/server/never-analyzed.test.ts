import { it } from 'vitest';
import { neverAnalyzed } from '../../../../src/audit/checks/server/never-analyzed.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('never-analyzed', () => {
  it('speaks of a table that the planner knows nothing of, until it is analysed', () =>
    expectMended(
      neverAnalyzed,
      ['CREATE TABLE events (id int)', 'INSERT INTO events SELECT generate_series(1, 1000)'],
      {
        severity: 'low',
        object: 'public.events',
        data: { table: 'public.events', rows: 1000 },
      },
    ));

  it('is silent about a small one', () =>
    expectSilence(neverAnalyzed, 'CREATE TABLE events (id int)', 'INSERT INTO events VALUES (1)'));
});
