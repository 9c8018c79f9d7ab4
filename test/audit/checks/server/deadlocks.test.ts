import { expect, it } from 'vitest';
import { deadlocks } from '../../../../src/audit/checks/server/deadlocks.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('deadlocks', () => {
  it('speaks where the counters say so', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = (counters: Partial<typeof snapshot.activity>) =>
      foundBy(deadlocks, { ...snapshot, activity: { ...snapshot.activity, ...counters } });
    expect(found({ deadlocks: 3 })).toEqual([
      expect.objectContaining({ severity: 'info', data: expect.objectContaining({ deadlocks: 3 }) }),
    ]);
    expect(found({ deadlocks: 0 })).toEqual([]);
  });

  it('is silent about a database that is new', async () => {
    expect(foundBy(deadlocks, await databaseSnapshot(await databaseWith()))).toEqual([]);
  });
});
