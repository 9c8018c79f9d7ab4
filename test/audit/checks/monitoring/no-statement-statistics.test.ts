import { it } from 'vitest';
import { noStatementStatistics } from '../../../../src/audit/checks/monitoring/no-statement-statistics.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { expectMended, expectSilence } from '../../../support/database-checks.js';

describeWithServers('no-statement-statistics', () => {
  it('speaks where the extension is missing, until it is installed', () =>
    expectMended(noStatementStatistics, [], { severity: 'info' }));

  it('is silent where it is there', () => expectSilence(noStatementStatistics, 'CREATE EXTENSION pg_stat_statements'));
});
