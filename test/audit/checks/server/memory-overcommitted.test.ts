import { expect, it } from 'vitest';
import { memoryOvercommitted } from '../../../../src/audit/checks/server/memory-overcommitted.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('memory-overcommitted', () => {
  it('adds up what the settings allow, and is more severe where one build does not fit', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = (maintenance_work_mem: string, memoryBytes = 24 * 2 ** 30) =>
      foundBy(memoryOvercommitted, {
        ...snapshot,
        memoryBytes,
        settings: { ...snapshot.settings, autovacuum: 'on', maintenance_work_mem },
      }).map(({ severity, data }) => [severity, data.maintenanceWorkMemBytes]);
    expect(found('23GB')).toEqual([['high', 23 * 2 ** 30]]);
    expect(found('21GB')).toEqual([['medium', 21 * 2 ** 30]]);
    expect(found('1GB')).toEqual([]);
  });

  it('is silent about a server that fits its machine', async () => {
    expect(foundBy(memoryOvercommitted, await databaseSnapshot(await databaseWith()))).toEqual([]);
  });
});
