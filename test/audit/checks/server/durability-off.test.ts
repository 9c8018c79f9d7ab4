import { expect, it } from 'vitest';
import { durabilityOff } from '../../../../src/audit/checks/server/durability-off.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';

describeWithServers('durability-off', () => {
  it('speaks of each setting that is off, and not of one that is on', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    // The shared server runs without fsync.
    expect(foundBy(durabilityOff, snapshot)).toEqual([
      expect.objectContaining({
        severity: 'high',
        object: 'fsync',
        remedy: expect.objectContaining({
          statements: ["ALTER SYSTEM SET fsync = 'on';", 'SELECT pg_reload_conf();'],
          rollback: ['ALTER SYSTEM RESET fsync;', 'SELECT pg_reload_conf();'],
        }),
      }),
    ]);
    expect(foundBy(durabilityOff, { ...snapshot, settings: { ...snapshot.settings, fsync: 'on' } })).toEqual([]);
  });
});
