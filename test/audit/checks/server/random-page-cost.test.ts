import { expect, it } from 'vitest';
import { randomPageCost } from '../../../../src/audit/checks/server/random-page-cost.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, undo } from '../../../support/database-checks.js';

describeWithServers('random-page-cost', () => {
  it('speaks of the default, until the database has another', async () => {
    const database = await databaseWith();
    const found = foundBy(randomPageCost, await databaseSnapshot(database));
    expect(found).toEqual([expect.objectContaining({ severity: 'info', data: { value: 4, advised: 1.1 } })]);
    await mend(database, found);
    expect(foundBy(randomPageCost, await databaseSnapshot(database))).toEqual([]);
    await undo(database, found);
    expect(foundBy(randomPageCost, await databaseSnapshot(database))).toHaveLength(1);
  });
});
