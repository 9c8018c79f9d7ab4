import { expect, it } from 'vitest';
import { idleInTransaction } from '../../../../src/audit/checks/server/idle-in-transaction.js';
import { describeWithServers, superuser } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy, mend } from '../../../support/database-checks.js';
import type { ServerSession } from '../../../../src/audit/index.js';

describeWithServers('idle-in-transaction', () => {
  it('speaks after five minutes, with a time limit as the remedy', async () => {
    const database = await databaseWith();
    const idle = await superuser(database, 'shop');
    await idle.query('BEGIN');
    await idle.query("SELECT 'password=secret-word'");
    const snapshot = await databaseSnapshot(database);
    await idle.query('ROLLBACK');
    await idle.close();
    expect(foundBy(idleInTransaction, snapshot)).toEqual([]);
    const sessions = snapshot.sessions as readonly ServerSession[];
    const own = sessions.filter(({ pid }) => pid === idle.backendPid);
    expect(own).toMatchObject([{ state: 'idle in transaction', application: 'shop' }]);
    const after = (seconds: number) =>
      foundBy(idleInTransaction, {
        ...snapshot,
        sessions: own.map((session) => ({ ...session, stateSeconds: seconds })),
      });
    const found = after(1000);
    expect(found).toMatchObject([{ severity: 'medium', data: { pid: idle.backendPid, application: 'shop' } }]);
    expect(JSON.stringify(found)).not.toContain('secret-word');
    expect(after(400)).toMatchObject([{ severity: 'low' }]);
    await mend(database, found);
    expect((await databaseSnapshot(database)).settings['idle_in_transaction_session_timeout']).toBe('5min');
  });
});
