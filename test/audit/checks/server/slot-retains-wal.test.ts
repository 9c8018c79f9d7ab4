import { expect, it } from 'vitest';
import { slotRetainsWal } from '../../../../src/audit/checks/server/slot-retains-wal.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend } from '../../../support/database-checks.js';

describeWithServers('slot-retains-wal', () => {
  it('speaks of a slot that nobody reads, until it is dropped', async () => {
    const database = await databaseWith("SELECT pg_create_physical_replication_slot('forgotten', true)");
    const found = foundBy(slotRetainsWal, await databaseSnapshot(database));
    expect(found).toEqual([expect.objectContaining({ severity: 'low', object: 'forgotten' })]);
    await mend(database, found);
    const snapshot = await databaseSnapshot(database);
    expect(foundBy(slotRetainsWal, snapshot)).toEqual([]);
    const slot = { name: 'forgotten', active: false, temporary: false, retainedBytes: 2 ** 31 };
    expect(foundBy(slotRetainsWal, { ...snapshot, slots: [slot] })).toMatchObject([{ severity: 'medium' }]);
    expect(foundBy(slotRetainsWal, { ...snapshot, slots: [{ ...slot, active: true }] })).toEqual([]);
  });
});
