import { expect, it } from 'vitest';
import { durabilityOff } from '../../../../src/audit/checks/server/durability-off.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, run, undo } from '../../../support/database-checks.js';

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
    // Its storage is not the server's disk.
    expect(foundBy(durabilityOff, { ...snapshot, server: { ...snapshot.server, managedBy: 'neon' } })).toEqual([]);
  });

  it('says what mends it', async () => {
    const database = await databaseWith();
    await run(database, 'ALTER SYSTEM SET full_page_writes = off', 'SELECT pg_reload_conf()');
    const found = await fullPageWrites(database);
    expect(found).toHaveLength(1);
    await mend(database, found);
    expect(await fullPageWrites(database)).toEqual([]);
    await undo(database, found);
  });
});

/** The shared server has fsync off on its command line, where no statement changes it. */
const fullPageWrites = async (database: string) =>
  foundBy(durabilityOff, await databaseSnapshot(database)).filter(({ object }) => object === 'full_page_writes');
