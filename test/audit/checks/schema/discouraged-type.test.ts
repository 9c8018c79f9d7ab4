import { it } from 'vitest';
import { discouragedType } from '../../../../src/audit/checks/schema/discouraged-type.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';

describeWithServers('discouraged-type', () => {
  it('names the columns of a table at once', () =>
    expectFound(discouragedType, ['CREATE TABLE events (a json, b char(3), c money, d jsonb)'], {
      severity: 'info',
      object: 'public.events',
      data: {
        table: 'public.events',
        columns: [
          { column: 'a', typeName: 'json', type: 'json' },
          { column: 'b', typeName: 'bpchar', type: 'character(3)' },
          { column: 'c', typeName: 'money', type: 'money' },
        ],
      },
    }));

  it('is silent about the better ones', () =>
    expectSilence(discouragedType, 'CREATE TABLE events (a jsonb, b varchar(3), c numeric, d "char")'));
});
