import { expect, it } from 'vitest';
import { wraparound } from '../../../../src/audit/checks/server/wraparound.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend } from '../../../support/database-checks.js';

describeWithServers('wraparound', () => {
  it('is more severe the nearer the end is, and silent far from it', async () => {
    const database = await databaseWith('CREATE TABLE old (id int)');
    const snapshot = await databaseSnapshot(database);
    expect(foundBy(wraparound, snapshot)).toEqual([]);
    // A billion transactions would take too long.
    const aged = (xidAge: number) => ({ ...snapshot, databases: [{ name: database, xidAge, multixactAge: 0 }] });
    const found = foundBy(wraparound, aged(1_700_000_000));
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'high',
        object: database,
        data: expect.objectContaining({ xidAge: 1_700_000_000 }),
      }),
    ]);
    await mend(database, found);
    const [table] = (await databaseSnapshot(database)).tables;
    // How far it freezes depends on the transactions of others on the server.
    expect(table!.activity.lastVacuum).not.toBeNull();
    expect(foundBy(wraparound, aged(1_200_000_000))).toMatchObject([{ severity: 'medium' }]);
  });
});
