import { expect, it } from 'vitest';
import { autovacuumBehind } from '../../../../src/audit/checks/server/autovacuum-behind.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend } from '../../../support/database-checks.js';

describeWithServers('autovacuum-behind', () => {
  it('speaks of a table full of dead rows, until it is vacuumed', async () => {
    // The shared server runs no autovacuum.
    const database = await databaseWith(
      'CREATE TABLE queue (id int)',
      'INSERT INTO queue SELECT generate_series(1, 5000)',
      'DELETE FROM queue WHERE id > 100',
    );
    const found = foundBy(autovacuumBehind, await databaseSnapshot(database));
    expect(found).toEqual([
      expect.objectContaining({
        severity: 'medium',
        object: 'public.queue',
        data: expect.objectContaining({ deadRows: 4900, liveRows: 100, lastVacuum: null }),
      }),
    ]);
    await mend(database, found);
    expect(foundBy(autovacuumBehind, await databaseSnapshot(database))).toEqual([]);
  });

  it('is silent about few dead rows, and where the table has a threshold of its own', async () => {
    const database = await databaseWith(
      'CREATE TABLE a (id int)',
      'INSERT INTO a SELECT generate_series(1, 20000)',
      'DELETE FROM a WHERE id > 19000',
      'CREATE TABLE b (id int) WITH (autovacuum_vacuum_threshold = 100000)',
      'INSERT INTO b SELECT generate_series(1, 5000)',
      'DELETE FROM b',
      'ANALYZE a',
    );
    expect(foundBy(autovacuumBehind, await databaseSnapshot(database))).toEqual([]);
  });
});
