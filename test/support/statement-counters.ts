import { expect } from 'vitest';
import type { Statement } from '../../src/audit/index.js';
import { isUnread } from '../../src/findings.js';
import { asApplication, databaseSnapshot, databaseWith, foundBy, repeat } from './database-checks.js';

const QUERY = 'SELECT id FROM t WHERE x = $1';

/**
 * A statement that a server has counted, and what a check finds of it: as it was counted, or with other counters. Statements
 * that are slow would take as long in a test.
 */
export async function countedStatement() {
  const database = await databaseWith('CREATE EXTENSION pg_stat_statements', 'CREATE TABLE t (id int, x int)');
  await asApplication(database, (session) => repeat(session, 2, QUERY, () => [1]));
  const snapshot = await databaseSnapshot(database);
  const { statements } = snapshot;
  if (isUnread(statements)) throw new Error(statements.unread);
  const own = statements.statements.find(({ query }) => query === QUERY);
  expect(own).toMatchObject({ calls: 2, role: 'postgres', shape: expect.any(Object) });
  return (check: Parameters<typeof foundBy>[0], counters?: Partial<Statement>) =>
    foundBy(
      check,
      counters ? { ...snapshot, statements: { ...statements, statements: [{ ...own!, ...counters }] } } : snapshot,
    );
}
