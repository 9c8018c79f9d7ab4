import { expect, it } from 'vitest';
import { type PlanCause, planCauses, type StatementPlan } from '../../../src/audit/index.js';
import { isUnread } from '../../../src/findings.js';
import { describeWithServers, newLogin, superuser, urlOf } from '../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, run } from '../../support/database-checks.js';
import { takeDatabaseSnapshot } from '../../../src/live/index.js';
import { open } from '../../support/servers.js';

const TABLES = [
  'CREATE EXTENSION pg_stat_statements',
  'CREATE TABLE assistants (id int PRIMARY KEY)',
  'CREATE TABLE documents (id int PRIMARY KEY, assistant_id int REFERENCES assistants ON DELETE CASCADE)',
  'CREATE INDEX ON documents (assistant_id)',
  'CREATE TABLE chunks (id int PRIMARY KEY, document_id int REFERENCES documents, state text, note text)',
  'INSERT INTO assistants SELECT generate_series(1, 10)',
  'INSERT INTO documents SELECT i, 1 + i % 10 FROM generate_series(1, 2000) AS i',
  `INSERT INTO chunks SELECT i, 1 + i % 1000, 'new', i FROM generate_series(1, 5000) AS i`,
  'CREATE INDEX chunks_waiting ON chunks (id) WHERE state = $$new$$',
  'VACUUM ANALYZE',
];

const causesIn = async (database: string): Promise<ReadonlyMap<string, readonly PlanCause[]>> => {
  const facts = await databaseSnapshot(database);
  const { workload, statements } = facts;
  if (isUnread(workload) || isUnread(statements)) throw new Error('Nothing was planned.');
  const byText = (plan: StatementPlan): readonly [string, readonly PlanCause[]] => {
    const { query, shape } = statements.statements.find(({ id, role }) => id === plan.id && role === plan.role)!;
    return [query, planCauses(plan, shape, workload, facts)];
  };
  return new Map(workload.plans.map(byText));
};

describeWithServers('an UPDATE or DELETE', () => {
  it('is planned as the SELECT of its rows, with the causes that no plan shows', async () => {
    const database = await databaseWith(...TABLES);
    await asApplication(database, async (session) => {
      await session.query('DELETE FROM assistants WHERE id = $1', [99]);
      await session.query('UPDATE chunks SET state = $1 WHERE document_id = $2 AND note = $3', ['done', 3, '']);
      for (const state of ['ready', 'done']) await session.query('UPDATE chunks SET state = $1', [state]);
      await session.query('SELECT id FROM chunks WHERE note = $1 FOR UPDATE', ['7']);
    });
    const causes = await causesIn(database);
    expect(causes.get('DELETE FROM assistants WHERE id = $1')).toEqual([
      { code: 'foreign-key-scan', data: { table: 'public.chunks', columns: ['document_id'], rows: 5000 } },
    ]);
    const updates = { table: 'public.chunks', updates: 10_000, hotUpdates: 0, allIndexes: 2 };
    const indexed = { code: 'indexed-column', data: { ...updates, indexes: ['chunks_waiting'] } };
    expect(causes.get('UPDATE chunks SET state = $1')).toEqual([indexed]);
    expect(causes.get('UPDATE chunks SET state = $1 WHERE document_id = $2 AND note = $3')).toEqual([
      expect.objectContaining({ code: 'scan' }),
      indexed,
      expect.objectContaining({ code: 'index' }),
    ]);
    expect(causes.get('SELECT id FROM chunks WHERE note = $1 FOR UPDATE')?.map(({ code }) => code)).toEqual([
      'scan',
      'index',
    ]);
  });

  it('wants no more than to read, and locks nothing', async () => {
    const database = await databaseWith(...TABLES);
    await asApplication(database, async (session) => {
      await session.query('DELETE FROM chunks WHERE note = $1', ['']);
    });
    // An index build waits for whoever may write, and would have to be waited for.
    const builder = await superuser(database);
    await builder.query('BEGIN');
    await builder.query('LOCK TABLE chunks IN SHARE MODE');
    const login = await newLogin({}, { database, memberOf: 'pg_monitor, pg_read_all_data' });
    const server = await open(urlOf(login), { asIs: true });
    const { workload } = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    await server.stop();
    await builder.query('ROLLBACK');
    await builder.close();
    expect(workload).toMatchObject({ refused: 0, plans: [{ part: 'rows to write', rewrite: null }] });
  });

  it('that changes no index is told of pages without room, and of vectors that it writes', async () => {
    const database = await databaseWith(
      'CREATE EXTENSION vector',
      'CREATE EXTENSION pg_stat_statements',
      `CREATE TABLE chunks AS SELECT i AS id, repeat('x', 60) AS note, ARRAY[i, 1]::vector(2) AS v FROM generate_series(1, 3000) AS i`,
      'ALTER TABLE chunks ADD PRIMARY KEY (id)',
      'CREATE INDEX chunks_v ON chunks USING hnsw (v vector_l2_ops)',
      'VACUUM ANALYZE',
    );
    await asApplication(database, async (session) => {
      await session.query('UPDATE chunks SET note = $1', ['y'.repeat(60)]);
      await session.query('UPDATE chunks SET v = $1 WHERE id = $2', ['[1,2]', 3]);
    });
    const causes = await causesIn(database);
    expect(causes.get('UPDATE chunks SET note = $1')).toEqual([
      { code: 'full-pages', data: expect.objectContaining({ fillfactor: 100, sql: '"public"."chunks"' }) },
    ]);
    expect(causes.get('UPDATE chunks SET v = $1 WHERE id = $2')?.[0]).toEqual({
      code: 'vector',
      data: { column: '"v"', indexes: ['chunks_v'] },
    });
    await run(database, 'ALTER TABLE "public"."chunks" SET (fillfactor = 85)');
  });
});
