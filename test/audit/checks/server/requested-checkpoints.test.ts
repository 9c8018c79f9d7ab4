import { expect, it } from 'vitest';
import { requestedCheckpoints } from '../../../../src/audit/checks/server/requested-checkpoints.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, run } from '../../../support/database-checks.js';

describeWithServers('requested-checkpoints', () => {
  it('speaks where most checkpoints were requested', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = (timed: number, requested: number) =>
      foundBy(requestedCheckpoints, {
        ...snapshot,
        checkpoints: { ...snapshot.checkpoints, timed, requested, resetAt: null },
      });
    const spoken = found(10, 30);
    expect(spoken).toEqual([
      expect.objectContaining({ severity: 'low', data: { timed: 10, requested: 30, maxWalSize: '1GB', since: null } }),
    ]);
    await run(snapshot.server.database, spoken[0]!.evidence);
    expect(found(100, 30)).toEqual([]);
    expect(found(0, 5)).toEqual([]);
  });
});
