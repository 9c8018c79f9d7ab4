import { expect, it } from 'vitest';
import { requestedCheckpoints } from '../../../../src/audit/checks/server/requested-checkpoints.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('requested-checkpoints', () => {
  it('speaks where most checkpoints were requested', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const counted = (number: number) =>
      foundBy(requestedCheckpoints, {
        ...snapshot,
        server: { ...snapshot.server, number },
        checkpoints: { timed: 0, requested: 30, resetAt: null },
      })[0]!.evidence;
    expect([counted(16_00_09), counted(17_00_00)]).toEqual([
      'SELECT * FROM pg_stat_bgwriter;',
      'SELECT * FROM pg_stat_checkpointer;',
    ]);
    const found = (timed: number, requested: number) =>
      foundBy(requestedCheckpoints, { ...snapshot, checkpoints: { timed, requested, resetAt: null } });
    expect(found(10, 30)).toEqual([
      expect.objectContaining({ severity: 'low', data: { timed: 10, requested: 30, maxWalSize: '1GB', since: null } }),
    ]);
    expect(found(100, 30)).toEqual([]);
    expect(found(0, 5)).toEqual([]);
  });
});
