import { expect, it } from 'vitest';
import { vacuumBlocked } from '../../../../src/audit/checks/server/vacuum-blocked.js';
import { describeWithServers, superuser } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';
import type { Horizon } from '../../../../src/audit/index.js';

describeWithServers('vacuum-blocked', () => {
  it('names the session that holds the oldest snapshot, once it is old', async () => {
    const database = await databaseWith('CREATE TABLE t (id int)');
    const holder = await superuser(database, 'report');
    await holder.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await holder.query('SELECT FROM t');
    const snapshot = await databaseSnapshot(database);
    await holder.query('ROLLBACK');
    await holder.close();
    const horizons = snapshot.horizons as readonly Horizon[];
    const own = horizons.filter(({ name }) => name === String(holder.backendPid));
    expect(own).toMatchObject([{ kind: 'session', query: 'SELECT FROM t' }]);
    expect(foundBy(vacuumBlocked, snapshot)).toEqual([]);
    const old = { ...snapshot, horizons: own.map((horizon) => ({ ...horizon, seconds: 4000 })) };
    expect(foundBy(vacuumBlocked, old)).toEqual([
      expect.objectContaining({ severity: 'medium', object: `session ${holder.backendPid}` }),
    ]);
    expect((await databaseSnapshot(database)).horizons).not.toContainEqual(
      expect.objectContaining({ name: own[0]!.name }),
    );
  });
});
