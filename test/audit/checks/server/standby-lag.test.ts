import { expect, it } from 'vitest';
import { standbyLag } from '../../../../src/audit/checks/server/standby-lag.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('standby-lag', () => {
  it('speaks of one that is far behind', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    expect(foundBy(standbyLag, snapshot)).toEqual([]);
    const behind = (lagBytes: number) =>
      foundBy(standbyLag, { ...snapshot, standbys: [{ name: 'replica', state: 'streaming', lagBytes }] });
    expect(behind(2 ** 30)).toMatchObject([{ severity: 'low', object: 'replica', data: { lagBytes: 2 ** 30 } }]);
    expect(behind(2 ** 20)).toEqual([]);
  });
});
