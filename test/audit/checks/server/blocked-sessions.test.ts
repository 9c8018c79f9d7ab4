import { expect, it } from 'vitest';
import { blockedSessions } from '../../../../src/audit/checks/server/blocked-sessions.js';
import { describeWithServers, superuser } from '../../../support/check-servers.js';
import { databaseSnapshot, databaseWith, foundBy } from '../../../support/database-checks.js';
import type { Session } from '../../../../src/postgres/index.js';

async function untilBlocked(database: string, pid: number): Promise<void> {
  const session = await superuser(database);
  for (let blocked = false; !blocked;) {
    const [row] = await session.query<{ blocked: boolean }>('SELECT cardinality(pg_blocking_pids($1)) > 0 AS blocked', [
      pid,
    ]);
    blocked = row!.blocked;
  }
  await session.close();
}

describeWithServers('blocked-sessions', () => {
  it('shows who waits for whom', async () => {
    const database = await databaseWith('CREATE TABLE t (id int)', 'INSERT INTO t VALUES (1)');
    const sessions = await Promise.all([1, 2, 3].map(() => superuser(database, 'shop')));
    const [holder, second, third] = sessions as [Session, Session, Session];
    await holder.query('BEGIN');
    await holder.query('UPDATE t SET id = 2');
    const waits: Promise<unknown>[] = [];
    try {
      waits.push(second.query('UPDATE t SET id = 3'));
      await untilBlocked(database, second.backendPid);
      waits.push(third.query('ALTER TABLE t ADD COLUMN x int'));
      await untilBlocked(database, third.backendPid);
      const found = foundBy(blockedSessions, await databaseSnapshot(database)).filter(
        ({ data }) => data.pid === holder.backendPid,
      );
      expect(found).toEqual([
        expect.objectContaining({
          severity: 'medium',
          data: {
            pid: holder.backendPid,
            state: 'idle in transaction',
            transactionSeconds: expect.any(Number),
            query: 'UPDATE t SET id = 2',
            waiting: expect.arrayContaining([
              expect.objectContaining({ pid: second.backendPid, depth: 1, query: 'UPDATE t SET id = 3' }),
              expect.objectContaining({ pid: third.backendPid, query: 'ALTER TABLE t ADD COLUMN x int' }),
            ]),
          },
        }),
      ]);
    } finally {
      await holder.query('ROLLBACK');
      await Promise.all(waits);
      await Promise.all(sessions.map((session) => session.close()));
    }
    expect(
      foundBy(blockedSessions, await databaseSnapshot(database)).filter(({ data }) => data.pid === holder.backendPid),
    ).toEqual([]);
  });
});
