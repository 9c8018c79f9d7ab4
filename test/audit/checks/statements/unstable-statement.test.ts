import { expect, it } from 'vitest';
import { unstableStatement } from '../../../../src/audit/checks/statements/unstable-statement.js';
import { describeWithServers } from '../../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy, repeat } from '../../../support/database-checks.js';
import type { Statement, StatementStatistics } from '../../../../src/audit/index.js';
import { isUnread } from '../../../../src/findings.js';

describeWithServers('unstable-statement', () => {
  it('speaks of a statement whose counters say so, and not of one whose do not', async () => {
    const database = await databaseWith('CREATE EXTENSION pg_stat_statements', 'CREATE TABLE t (id int, x int)');
    await asApplication(database, (session) => repeat(session, 2, 'SELECT id FROM t WHERE x = $1', () => [1]));
    const snapshot = await databaseSnapshot(database);
    if (isUnread(snapshot.statements)) throw new Error(snapshot.statements.unread);
    const own = snapshot.statements.statements.find(({ query }) => query === 'SELECT id FROM t WHERE x = $1');
    expect(own).toMatchObject({ calls: 2, role: 'postgres', shape: expect.any(Object) });
    // Slow statements would take as long in a test.
    const found = (counters: Partial<Statement>) =>
      foundBy(unstableStatement, {
        ...snapshot,
        statements: { ...snapshot.statements, statements: [{ ...own!, ...counters }] } as StatementStatistics,
      });
    expect(found({ calls: 200, meanMs: 2, deviationMs: 20 })).toEqual([
      expect.objectContaining({ severity: 'info', basis: 'statements', object: expect.stringContaining('FROM t') }),
    ]);
    expect(found({ calls: 200, meanMs: 2, deviationMs: 2 })).toEqual([]);
    expect(foundBy(unstableStatement, snapshot)).toEqual([]);
  });
});
