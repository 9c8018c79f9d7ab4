import { expect, it } from 'vitest';
import { statementStatisticsDefect } from '../../../../src/audit/checks/monitoring/statement-statistics-defect.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, run } from '../../../support/database-checks.js';

describeWithServers('statement-statistics-defect', () => {
  it('speaks of the versions that overflow, where statements are counted above all', async () => {
    const database = await databaseWith('CREATE EXTENSION pg_stat_statements');
    const snapshot = await databaseSnapshot(database);
    const found = (number: number, statementSource = snapshot.statementSource) =>
      foundBy(statementStatisticsDefect, { ...snapshot, statementSource, server: { ...snapshot.server, number } });
    expect(found(18_00_05)).toEqual([
      expect.objectContaining({ severity: 'medium', data: expect.objectContaining({ fixedIn: '18.6' }) }),
    ]);
    await run(database, found(18_00_00)[0]!.evidence);
    expect(found(18_00_05, 'not-installed').map(({ severity }) => severity)).toEqual(['info']);
    expect(found(18_00_05, 'not-loaded')).toEqual([]);
    for (const number of [17_00_10, 18_00_06, 19_00_00]) expect(found(number)).toEqual([]);
  });
});
