import { expect, it } from 'vitest';
import { loggingGap } from '../../../../src/audit/checks/monitoring/logging-gap.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, undo } from '../../../support/database-checks.js';

describeWithServers('logging-gap', () => {
  it('names each setting that leaves no trace, with a statement that changes it', async () => {
    const snapshot = await databaseSnapshot(await databaseWith());
    const found = foundBy(loggingGap, snapshot);
    expect(found).toContainEqual(
      expect.objectContaining({
        severity: 'info',
        object: 'log_lock_waits',
        data: { setting: 'log_lock_waits', value: 'off', wanted: 'on' },
        remedy: expect.objectContaining({
          statements: ["ALTER SYSTEM SET log_lock_waits = 'on';", 'SELECT pg_reload_conf();'],
        }),
      }),
    );
    const wanted = Object.fromEntries(found.map(({ data }) => [data.setting, data.wanted]));
    expect(foundBy(loggingGap, { ...snapshot, settings: { ...snapshot.settings, ...wanted } })).toEqual([]);
  });

  it('says what mends each of them, and what undoes that', async () => {
    const database = await databaseWith();
    const found = foundBy(loggingGap, await databaseSnapshot(database));
    await mend(database, found);
    expect(foundBy(loggingGap, await databaseSnapshot(database))).toEqual([]);
    await undo(database, found);
    expect(foundBy(loggingGap, await databaseSnapshot(database))).toEqual(found);
  });
});
