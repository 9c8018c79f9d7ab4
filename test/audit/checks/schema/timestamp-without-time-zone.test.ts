import { it } from 'vitest';
import { timestampWithoutTimeZone } from '../../../../src/audit/checks/schema/timestamp-without-time-zone.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectFound, expectSilence } from '../../../support/database-checks.js';

describeWithServers('timestamp-without-time-zone', () => {
  it('names the columns of a table at once', () =>
    expectFound(timestampWithoutTimeZone, ['CREATE TABLE events (a timestamp, b timestamptz, c timestamp(3))'], {
      severity: 'info',
      object: 'public.events',
      data: { table: 'public.events', columns: ['a', 'c'] },
    }));

  it('is silent about timestamptz, date and time', () =>
    expectSilence(timestampWithoutTimeZone, 'CREATE TABLE events (a timestamptz, b date, c time)'));
});
