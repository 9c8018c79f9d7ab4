import { describe, expect, it } from 'vitest';
import { workloadIndex } from '../../../../src/audit/checks/indexes/workload-index.js';
import { isUnread } from '../../../../src/findings.js';
import { describeWithServers, superuser } from '../../../support/check-servers.js';
import {
  asApplication,
  databaseSnapshot,
  databaseWith,
  foundBy,
  mend,
  repeat,
  run,
  undo,
} from '../../../support/database-checks.js';
import { warnOnce } from '../../../support/servers.js';

const TABLES = [
  'CREATE EXTENSION pg_stat_statements',
  'CREATE TABLE customers (id int PRIMARY KEY, region int)',
  'CREATE TABLE orders (id int PRIMARY KEY, customer int, state int, total int, note json)',
  'INSERT INTO customers SELECT i, i % 10 FROM generate_series(1, 2000) AS i',
  'INSERT INTO orders SELECT i, i % 2000, i % 3, i FROM generate_series(1, 20000) AS i',
  'ANALYZE',
];
const QUERIES: readonly (readonly [text: string, values: (time: number) => readonly number[]])[] = [
  ['SELECT id FROM orders WHERE customer = $1', (time) => [time]],
  ['SELECT id, total FROM orders WHERE state = $2 AND customer = $1', (time) => [time, 1]],
  ['SELECT o.total FROM customers c JOIN orders o ON o.customer = c.id WHERE c.id = $1', (time) => [time]],
  // Served already, or not to be served.
  ['SELECT total FROM orders WHERE id = $1', (time) => [time]],
  ['SELECT id FROM orders WHERE state = $1', () => [1]],
  ['SELECT region FROM customers WHERE id > $1 ORDER BY id LIMIT 5', (time) => [time]],
  // The plan would be cheaper, but the first page has the row.
  ['SELECT id FROM orders WHERE total = $1 LIMIT 1', () => [1]],
];

async function workload(...before: readonly string[]): Promise<string> {
  const database = await databaseWith(...TABLES, ...before);
  await asApplication(database, async (session) => {
    // Often, but not for a tenth of the time.
    for (const [i, [text, values]] of QUERIES.entries()) await repeat(session, i < 3 ? 30 : 300, text, values);
  });
  return database;
}

/** In CI it has to be: the test then fails without it. */
async function hasHypopg(): Promise<boolean> {
  if (process.env['CI'] === 'true') return true;
  const session = await superuser();
  const found = await session.query(`SELECT FROM pg_available_extensions WHERE name = 'hypopg'`);
  await session.close();
  if (found.length === 0) warnOnce('SKIPPED: a test of hypothetical indexes, because HypoPG is not installed here.');
  return found.length > 0;
}

describeWithServers('workload-index', () => {
  const expected = (proof: string) => [
    expect.objectContaining({
      object: 'public.orders (customer, state)',
      confidence: proof === 'hypopg' ? 'high' : 'medium',
      data: expect.objectContaining({
        table: 'public.orders',
        columns: ['customer', 'state'],
        proof,
        statements: expect.arrayContaining(
          QUERIES.slice(0, 3).map(([query]) => expect.objectContaining({ query, calls: 30 })),
        ),
      }),
    }),
  ];

  it('proposes one index for several statements by its cost, until it exists', async () => {
    const database = await workload();
    const found = foundBy(workloadIndex, await databaseSnapshot(database));
    expect(found).toEqual(expected('cost-model'));
    for (const { costBefore, costAfter } of found[0]!.data.statements) expect(costAfter).toBeLessThan(costBefore / 2);
    await mend(database, found);
    expect(foundBy(workloadIndex, await databaseSnapshot(database))).toEqual([]);
    await undo(database, found);
    expect(foundBy(workloadIndex, await databaseSnapshot(database))).toHaveLength(1);
  });

  it('asks the planner where HypoPG is installed, and leaves nothing behind', async (context) => {
    if (!(await hasHypopg())) return context.skip();
    const database = await workload('CREATE SCHEMA "Extra"', 'CREATE EXTENSION hypopg SCHEMA "Extra"');
    const found = foundBy(workloadIndex, await databaseSnapshot(database));
    expect(found).toEqual(expected('hypopg'));
    expect(found[0]!.data.bytes).toBeGreaterThan(100_000);
    await mend(database, found);
    expect(foundBy(workloadIndex, await databaseSnapshot(database))).toEqual([]);
  });

  it('goes on without an index that HypoPG refuses', async (context) => {
    if (!(await hasHypopg())) return context.skip();
    const database = await workload(
      'CREATE EXTENSION hypopg',
      // No B-tree orders it.
      'CREATE DOMAIN mark AS xid',
      `CREATE TABLE marked AS SELECT (i % 1000)::text::xid::mark AS mark FROM generate_series(1, 5000) AS i`,
      'ANALYZE marked',
    );
    await asApplication(database, (session) =>
      repeat(session, 30, 'SELECT mark FROM marked WHERE mark = $1::text::xid', (time) => [`${time}`]),
    );
    expect(foundBy(workloadIndex, await databaseSnapshot(database))).toEqual(expected('hypopg'));
  });

  describe('of rows that few are', () => {
    const JOBS = [
      `CREATE TABLE jobs (id int PRIMARY KEY, state text NOT NULL, urgent bool NOT NULL, failed timestamptz, made int, note text)`,
      `INSERT INTO jobs SELECT i, CASE WHEN i % 400 = 0 THEN 'wai''ting' WHEN i % 3 = 0 THEN 'running' ELSE 'done' END, i % 400 = 1,
              CASE WHEN i % 400 = 2 THEN now() END, i, repeat('x', 100)
         FROM generate_series(1, 10000) AS i`,
      'ANALYZE jobs',
    ];
    const asked = async (text: string): Promise<string> => {
      const database = await databaseWith('CREATE EXTENSION pg_stat_statements', ...JOBS);
      await asApplication(database, (session) =>
        repeat(session, 30, text, () => (text.includes('$1') ? ["wai'ting"] : [])),
      );
      return database;
    };

    it.each([
      ['SELECT id, note FROM jobs WHERE state = $1', `(id) WHERE "state" = 'wai''ting'`, "wai'ting"],
      [
        'SELECT note FROM jobs WHERE failed IS NOT NULL AND made > 5 ORDER BY note',
        '(made) WHERE "failed" IS NOT NULL',
        null,
      ],
      ['SELECT note FROM jobs WHERE urgent ORDER BY made LIMIT 500', '(made) WHERE "urgent"', null],
    ])('speaks of %s until there is one', async (query, object, value) => {
      for (const proof of ['cost-model', 'hypopg'] as const) {
        if (proof === 'hypopg' && !(await hasHypopg())) continue;
        const database = await asked(query);
        if (proof === 'hypopg') await run(database, 'CREATE EXTENSION hypopg');
        const found = foundBy(workloadIndex, await databaseSnapshot(database));
        expect(found).toEqual([
          expect.objectContaining({
            object: `public.jobs ${object}`,
            confidence: value === null ? (proof === 'hypopg' ? 'high' : 'medium') : 'low',
            data: expect.objectContaining({
              proof,
              predicate: expect.objectContaining({ share: expect.closeTo(0.0025, 3), value }),
            }),
          }),
        ]);
        await mend(database, found);
        expect(foundBy(workloadIndex, await databaseSnapshot(database))).toEqual([]);
      }
    });

    it('has a name of its own beside the index of all rows', async () => {
      const database = await asked('SELECT id, note FROM jobs WHERE urgent ORDER BY made LIMIT 500');
      await asApplication(database, (session) =>
        repeat(session, 30, 'SELECT id, note FROM jobs WHERE made = $1', (time) => [time]),
      );
      const found = foundBy(workloadIndex, await databaseSnapshot(database));
      const names = found.flatMap(({ remedy }) => /IF NOT EXISTS "(\w+)"/.exec(remedy!.statements[0]!)?.[1] ?? []);
      expect(names.toSorted()).toEqual(['jobs_made_idx', 'jobs_made_urgent_idx']);
    });

    it.each([
      // Most rows meet the first, and what is asked for by the second is not to be told from its rows.
      'SELECT count(*) FROM jobs WHERE failed IS NULL',
      'SELECT id FROM jobs WHERE state = $1 LIMIT 100',
    ])('is silent of %s', async (query) => {
      expect(foundBy(workloadIndex, await databaseSnapshot(await asked(query)))).toEqual([]);
    });
  });

  it('has the plans of statements without executing them, and counts those that it may not plan', async () => {
    const database = await databaseWith(...TABLES);
    await asApplication(database, async (session) => {
      await session.query('SELECT total FROM orders WHERE customer = $1 ORDER BY total', [1]);
      await session.query(`SELECT id FROM orders WHERE now() - interval '1 day' > now()`);
      await session.query('SELECT id FROM orders WHERE id = 1 FOR UPDATE');
      await session.query(
        'WITH gone AS (DELETE FROM orders WHERE id < 0 RETURNING id) SELECT o.total FROM gone, orders o',
      );
      await session.query('CREATE TABLE gone AS SELECT 1 AS x');
      await session.query('SELECT x FROM gone');
      await session.query('DROP TABLE gone');
    });
    const { workload: found } = await databaseSnapshot(database);
    if (isUnread(found)) throw new Error(found.unread);
    expect(found.plans).toEqual([
      expect.objectContaining({
        lines: expect.arrayContaining([expect.stringMatching(/Seq Scan on orders/)]),
        scans: [expect.objectContaining({ table: 'orders', isFiltered: true })],
        sortedRows: expect.any(Number),
        rewrite: null,
      }),
      expect.objectContaining({
        part: 'without row locks',
        lines: expect.arrayContaining([expect.stringMatching(/Index Only Scan/)]),
      }),
    ]);
    expect(found.refused).toBe(2);
  });
});
