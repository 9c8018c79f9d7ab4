import { beforeAll, expect, it } from 'vitest';
import { planCauses } from '../../../src/audit/index.js';
import { isUnread } from '../../../src/findings.js';
import { readRewrites } from '../../../src/live/snapshot/database/statement-rewrites.js';
import type { Session } from '../../../src/postgres/index.js';
import { createRandom } from '../../../src/random.js';
import { loadGrammar } from '../../../src/statements/index.js';
import { describeWithServers, superuser } from '../../support/check-servers.js';
import { asApplication, databaseSnapshot, databaseWith, repeat } from '../../support/database-checks.js';

const TABLES = [
  'CREATE TABLE users (id int PRIMARY KEY, name text, region int NOT NULL, code int NOT NULL)',
  'CREATE TABLE orders (number int PRIMARY KEY, customer int NOT NULL, coupon int, total int NOT NULL)',
  // Their keys do not hold for all rows.
  'CREATE TABLE herd (id int PRIMARY KEY)',
  'CREATE TABLE sheep () INHERITS (herd)',
  'CREATE FUNCTION chance(int, int) RETURNS bool VOLATILE LANGUAGE sql AS $$ SELECT random() < 0.5 $$',
  'CREATE OPERATOR ~? (FUNCTION = chance, LEFTARG = int, RIGHTARG = int)',
  'CREATE TABLE deferred (number int PRIMARY KEY DEFERRABLE)',
];

/** Each is rewritten; the rows have to be the same. */
const REWRITTEN: readonly (readonly [code: string, sql: string])[] = [
  ['exists', 'SELECT count(*) > 0 FROM orders WHERE customer = 3'],
  ['exists', 'SELECT count(number) < 1 FROM orders WHERE coupon = 3'],
  ['exists', 'SELECT id FROM users WHERE (SELECT count(*) FROM orders WHERE customer = id) <> 0'],
  ['exists', 'SELECT id, 0 = (SELECT count(*) FROM orders o WHERE o.coupon = u.region) FROM users u'],
  ['exists', 'SELECT id, (SELECT count(*) >= 1 FROM orders WHERE coupon > region) FROM users'],
  ['not-exists', 'SELECT name FROM users WHERE id NOT IN (SELECT customer FROM orders)'],
  ['not-exists', 'SELECT name FROM users u WHERE region NOT IN (SELECT o.total FROM orders o WHERE o.coupon = u.id)'],
  [
    'not-exists',
    'SELECT u.id, x.id FROM users u JOIN users x ON x.region = u.id WHERE x.id NOT IN (SELECT customer FROM orders WHERE coupon > 2)',
  ],
  ['union-all', "SELECT name, total FROM users, orders WHERE customer = id AND (name = '2' OR total = 3)"],
  [
    'union-all',
    'SELECT coupon FROM orders WHERE coupon > 3 OR total IN (SELECT region FROM users WHERE code < 4) OR customer = 1',
  ],
  [
    'union-all',
    'SELECT u.id, o.coupon AS id2 FROM users u LEFT JOIN orders o ON o.customer = u.id WHERE o.coupon = 2 AND o.total > 1 OR u.code = 3 ORDER BY u.id',
  ],
  ['semi-join', 'SELECT DISTINCT u.* FROM users u JOIN orders o ON o.customer = u.id WHERE o.coupon > 1 AND code < 5'],
  ['semi-join', 'SELECT DISTINCT region, name FROM users, orders WHERE coupon = region ORDER BY name'],
  [
    'semi-join',
    'SELECT DISTINCT u.id FROM users u JOIN orders o ON o.customer = u.id CROSS JOIN users x WHERE x.region = o.total',
  ],
  ['no-distinct', 'SELECT DISTINCT id, name FROM users WHERE code > 1'],
  ['no-distinct', 'SELECT DISTINCT u.id, o.* FROM users u JOIN orders o ON o.coupon = u.region'],
];

/** What the catalog does not show: a NULL, or rows that are the same. */
const SILENT = [
  'SELECT name FROM users WHERE id NOT IN (SELECT coupon FROM orders)',
  'SELECT id FROM users WHERE name NOT IN (SELECT number::text FROM orders)',
  'SELECT DISTINCT name FROM users',
  'SELECT DISTINCT u.id FROM users u LEFT JOIN orders o ON o.customer = u.id',
  'SELECT DISTINCT h.id FROM herd h',
  'SELECT DISTINCT number FROM deferred',
  'SELECT count(coupon) > 0 FROM orders',
  'SELECT count(*) > 0 FROM orders WHERE random() < 0.5',
  'SELECT count(*) > 0 FROM orders WHERE total ~? 3',
];

const EITHER = 'SELECT total FROM orders WHERE number = $1 OR coupon IN (SELECT id FROM users WHERE name = $2)';
const EITHER_ALONE =
  'SELECT total FROM orders WHERE number = $1 UNION ALL SELECT total FROM orders WHERE coupon IN (SELECT id FROM users WHERE name = $2) AND number = $1 IS NOT TRUE';

const SEED = 17;
const ROUNDS = 25;

async function fill(session: Session, seed: string): Promise<void> {
  const random = createRandom(seed);
  const rows = (most: number, row: (i: number) => readonly (number | string | null)[]): string =>
    Array.from({ length: random.int(most + 1) }, (_, i) => `(${row(i).map(String).join(', ')})`).join(', ');
  const value = (): number => random.int(6);
  const optional = (): number | null => (random.next() < 0.3 ? null : value());
  const users = rows(8, (i) => [i, optional() === null ? null : `'${value()}'`, value(), value()]);
  const orders = rows(10, (i) => [i, value(), optional(), value()]);
  await session.query('TRUNCATE users, orders');
  if (users) await session.query(`INSERT INTO users VALUES ${users}`);
  if (orders) await session.query(`INSERT INTO orders VALUES ${orders}`);
}

const rowsOf = async (session: Session, sql: string): Promise<readonly string[]> =>
  (await session.query(sql)).map((row) => JSON.stringify(row)).sort();

describeWithServers('a statement that is written otherwise', () => {
  beforeAll(loadGrammar);

  it('returns the same rows, and is not written where that is not shown', async () => {
    const session = await superuser(await databaseWith(...TABLES));
    const pairs: (readonly [string, string])[] = [];
    for (const [code, sql] of REWRITTEN) {
      const found = (await readRewrites(session, sql)).filter(({ change }) => change.code === code);
      expect(found, sql).toHaveLength(1);
      pairs.push([sql, found[0]!.sql]);
    }
    for (const sql of SILENT) expect(await readRewrites(session, sql), sql).toEqual([]);
    for (let round = 0; round < ROUNDS; round++) {
      await fill(session, `${SEED} ${round}`);
      for (const [sql, instead] of pairs) {
        expect(await rowsOf(session, instead), `${sql}, round ${round}`).toEqual(await rowsOf(session, sql));
      }
    }
    await session.close();
  });

  it('is shown with both costs where it saves half', async () => {
    const database = await databaseWith(
      'CREATE EXTENSION pg_stat_statements',
      ...TABLES,
      'INSERT INTO users SELECT i, i, i % 10, i FROM generate_series(1, 50) AS i',
      'INSERT INTO orders SELECT i, i % 10, i, i FROM generate_series(1, 20000) AS i',
      'CREATE INDEX ON orders (coupon)',
      'ANALYZE',
    );
    await asApplication(database, async (session) => {
      await repeat(session, 2, 'SELECT count(*) > 0 FROM orders WHERE customer = $1', () => [3]);
      await repeat(session, 2, 'SELECT number FROM orders WHERE number NOT IN (SELECT id FROM users)');
      await repeat(session, 2, EITHER, () => [3, '7']);
      await session.query('SELECT number FROM orders ORDER BY total FETCH FIRST 2 ROWS WITH TIES');
    });
    const { workload } = await databaseSnapshot(database);
    if (isUnread(workload)) throw new Error(workload.unread);
    expect(workload.refused).toBe(0);
    const rewrites = workload.plans.flatMap(({ rewrite }) => rewrite ?? []);
    expect(rewrites.map(({ change, sql }) => `${change?.code}: ${sql}`).toSorted()).toEqual([
      'exists: SELECT EXISTS (SELECT 1 FROM orders WHERE customer = $1) AS "?column?"',
      `union-all: ${EITHER_ALONE}`,
    ]);
    for (const { costBefore, costAfter } of rewrites) expect(costAfter).toBeLessThan(costBefore / 2);
  });

  it('or what its text asks for is named, where its table is read as a whole', async () => {
    const database = await databaseWith(
      'CREATE EXTENSION pg_stat_statements',
      'CREATE TABLE users (id int PRIMARY KEY, "Mail" text UNIQUE, name text)',
      `INSERT INTO users SELECT i, i || '@example.org', i FROM generate_series(1, 5000) AS i`,
      'ANALYZE',
    );
    await asApplication(database, async (session) => {
      await session.query('SELECT id FROM users u WHERE lower(u."Mail") = $1', ['a']);
      await session.query('SELECT "Mail" FROM users WHERE lower(name) = $1', ['a']);
      await session.query('SELECT name FROM users WHERE "Mail" LIKE $1', ['%a']);
      await session.query('SELECT name FROM users WHERE id = 7 AND "Mail" LIKE $1', ['%a']);
      await session.query('SELECT id FROM users ORDER BY id LIMIT 3 OFFSET 4000');
    });
    const facts = await databaseSnapshot(database);
    const { workload, statements } = facts;
    if (isUnread(workload) || isUnread(statements)) throw new Error('Nothing was planned.');
    const causes = workload.plans.flatMap((plan) => {
      const { shape } = statements.statements.find(({ id, role }) => id === plan.id && role === plan.role)!;
      return planCauses(plan, shape, workload, facts).filter(({ code }) => code !== 'scan');
    });
    expect(causes).toHaveLength(3);
    const mail = { table: '"public"."users"', column: '"Mail"' };
    expect(causes).toEqual(
      expect.arrayContaining([
        { code: 'computed-column', data: { ...mail, expression: 'lower("Mail")' } },
        { code: 'pattern', data: { ...mail, isShown: false } },
        { code: 'offset', data: { rows: null } },
      ]),
    );
  });
});
