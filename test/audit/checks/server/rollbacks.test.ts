import { expect, it } from 'vitest';
import { rollbacks } from '../../../../src/audit/checks/server/rollbacks.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('rollbacks', () => {
  it('speaks where the counters say so', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = (counters: Partial<typeof snapshot.activity>) =>
      foundBy(rollbacks, { ...snapshot, activity: { ...snapshot.activity, ...counters } });
    expect(found({ commits: 5000, rollbacks: 1000 })).toEqual([
      expect.objectContaining({ severity: 'info', data: expect.objectContaining({ commits: 5000, rollbacks: 1000 }) }),
    ]);
    expect(found({ commits: 50_000, rollbacks: 1000 })).toEqual([]);
  });

  it('is silent about a database that is new', async () => {
    expect(foundBy(rollbacks, await databaseSnapshot(await databaseWith()))).toEqual([]);
  });
});
