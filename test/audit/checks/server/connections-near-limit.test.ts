import { expect, it } from 'vitest';
import { connectionsNearLimit } from '../../../../src/audit/checks/server/connections-near-limit.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('connections-near-limit', () => {
  it('is more severe the fewer are left', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    expect(foundBy(connectionsNearLimit, snapshot)).toEqual([]);
    const taken = (connections: number) =>
      foundBy(connectionsNearLimit, { ...snapshot, activity: { ...snapshot.activity, connections } });
    expect(taken(80)).toMatchObject([{ severity: 'low', data: { connections: 80, limit: 97 } }]);
    expect(taken(95)).toMatchObject([{ severity: 'medium' }]);
  });
});
