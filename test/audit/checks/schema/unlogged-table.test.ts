import { it } from 'vitest';
import { unloggedTable } from '../../../../src/audit/checks/schema/unlogged-table.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('unlogged-table', () => {
  it('speaks of a table that a crash empties, until it is logged', () =>
    expectMended(unloggedTable, ['CREATE UNLOGGED TABLE cache (id int)'], {
      severity: 'info',
      object: 'public.cache',
    }));

  it('is silent about others', () => expectSilence(unloggedTable, 'CREATE TABLE kept (id int)'));
});
