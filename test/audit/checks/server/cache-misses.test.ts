import { expect, it } from 'vitest';
import { cacheMisses } from '../../../../src/audit/checks/server/cache-misses.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('cache-misses', () => {
  it('speaks where the counters say so', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = (counters: Partial<typeof snapshot.activity>) =>
      foundBy(cacheMisses, { ...snapshot, activity: { ...snapshot.activity, ...counters } });
    expect(found({ blocksHit: 300_000, blocksRead: 200_000 })).toEqual([
      expect.objectContaining({
        severity: 'info',
        data: expect.objectContaining({ hitShare: 0.6, blocksRead: 200_000 }),
      }),
    ]);
    expect(found({ blocksHit: 9_000_000, blocksRead: 200_000 })).toEqual([]);
  });

  it('is silent about a database that is new', async () => {
    expect(foundBy(cacheMisses, await databaseSnapshot(await databaseWith()))).toEqual([]);
  });
});
