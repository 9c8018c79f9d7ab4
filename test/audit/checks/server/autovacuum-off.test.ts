import { expect, it } from 'vitest';
import { autovacuumOff } from '../../../../src/audit/checks/server/autovacuum-off.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend, undo } from '../../../support/database-checks.js';

describeWithServers('autovacuum-off', () => {
  it('speaks of one table, until it is on, and of the whole server', async () => {
    const database = await databaseWith('CREATE TABLE queue (id int) WITH (autovacuum_enabled = off)');
    const found = async () => {
      const snapshot = await databaseSnapshot(database);
      return foundBy(autovacuumOff, { ...snapshot, settings: { ...snapshot.settings, autovacuum: 'on' } });
    };
    const findings = await found();
    expect(findings).toEqual([expect.objectContaining({ object: 'public.queue', data: { table: 'public.queue' } })]);
    await mend(database, findings);
    expect(await found()).toEqual([]);
    await undo(database, findings);
    expect(await found()).toHaveLength(1);
    // The shared server itself has it off.
    expect(foundBy(autovacuumOff, await databaseSnapshot(database)).map(({ data }) => data.table)).toEqual([
      null,
      'public.queue',
    ]);
  });
});
