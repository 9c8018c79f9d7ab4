import { expect, it } from 'vitest';
import { evictedStatements } from '../../../../src/audit/checks/statements/evicted-statements.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';
import { isUnread } from '../../../../src/findings.js';

describeWithServers('evicted-statements', () => {
  it('says how often statements were forgotten', async () => {
    const snapshot = await databaseSnapshot(await databaseWith('CREATE EXTENSION pg_stat_statements'));
    if (isUnread(snapshot.statements)) throw new Error(snapshot.statements.unread);
    const { statements } = snapshot;
    const found = (evictions: number | null) =>
      foundBy(evictedStatements, { ...snapshot, statements: { ...statements, evictions } });
    expect(found(7)).toEqual([expect.objectContaining({ data: { evictions: 7, maximum: '5000' } })]);
    expect(found(0)).toEqual([]);
    expect(found(null)).toEqual([]);
  });
});
