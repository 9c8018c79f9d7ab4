import { expect, it } from 'vitest';
import { noStatementStatistics } from '../../../../src/audit/checks/monitoring/no-statement-statistics.js';
import { takeDatabaseSnapshot } from '../../../../src/live/index.js';
import { describeWithServers, newLogin, urlOf } from '../../../support/check-servers.js';
import { databaseWith, expectMended, expectSilence } from '../../../support/database-checks.js';
import { open } from '../../../support/servers.js';

describeWithServers('no-statement-statistics', () => {
  it('speaks where the extension is missing, until it is installed', () =>
    expectMended(noStatementStatistics, [], { severity: 'info' }));

  it('is silent where it is there', () => expectSilence(noStatementStatistics, 'CREATE EXTENSION pg_stat_statements'));

  it('is silent where it is in a schema that the role may not use, which the checks of statements say', async () => {
    const database = await databaseWith('CREATE SCHEMA own', 'CREATE EXTENSION pg_stat_statements SCHEMA own');
    const server = await open(urlOf(await newLogin({}, { database, memberOf: 'pg_monitor' })), { asIs: true });
    const snapshot = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    await server.stop();
    expect(snapshot.statementSource).toBe('ready');
    expect(snapshot.statements).toEqual({ unread: 'statement-statistics-hidden' });
    expect(snapshot.workload).toEqual({ unread: 'statement-statistics-hidden' });
  });
});
