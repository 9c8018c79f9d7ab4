import { expect, it } from 'vitest';
import { btreeBloat } from '../../../../src/audit/checks/indexes/btree-bloat.js';
import { btreePages, PAGE_BYTES } from '../../../../src/indexes/index.js';
import { describeWithServers, superuser } from '../../../support/check-servers.js';
import { databaseWith, expectMended, expectSilence } from '../../../support/database-checks.js';

const TABLE = [
  'CREATE TABLE t (id bigint, kind int, name text, amount numeric)',
  `INSERT INTO t SELECT i, i % 10, md5(i::text), i % 10 FROM generate_series(1, 100000) AS i`,
];

describeWithServers('btree-bloat', () => {
  it('speaks of an index that most rows left, until it is rebuilt', () =>
    expectMended(
      btreeBloat,
      [
        ...TABLE,
        'CREATE INDEX t_name ON t (name)',
        'CREATE INDEX t_kind ON t (kind)',
        'DELETE FROM t WHERE id % 5 > 0',
        'VACUUM ANALYZE t',
      ],
      { severity: 'low', object: 'public.t.t_name', data: expect.objectContaining({ rows: 20_000 }) },
    ));

  it('is silent about fresh indexes, and those that grew by inserts in random order', () =>
    expectSilence(
      btreeBloat,
      ...TABLE,
      'CREATE INDEX ON t (id)',
      'CREATE INDEX ON t (kind)',
      'CREATE INDEX ON t (amount)',
      'CREATE INDEX ON t (kind, name) WITH (fillfactor = 50)',
      'CREATE INDEX ON t (kind) INCLUDE (id)',
      'CREATE INDEX ON t (kind) WITH (deduplicate_items = off)',
      'CREATE INDEX ON t (name) WHERE kind = 1',
      'CREATE UNIQUE INDEX ON t (name, id)',
      'CREATE TABLE grown (name text)',
      'CREATE INDEX ON grown (name)',
      'INSERT INTO grown SELECT name FROM t ORDER BY random()',
      'VACUUM ANALYZE',
    ));
});

describeWithServers('pages of a B-tree', () => {
  it('are those of a fresh build', async () => {
    const rows = 100_000;
    const database = await databaseWith(
      'CREATE TABLE t (id bigint, half int, kind int, name text)',
      `INSERT INTO t SELECT i, i / 2, i % 10, md5(i::text) FROM generate_series(1, ${rows}) AS i`,
    );
    const session = await superuser(database);
    const cases = [
      ['(id)', { keyBytes: 8, distinct: rows, fillfactor: 90 }],
      ['(name)', { keyBytes: 33, distinct: rows, fillfactor: 90 }],
      ['(half)', { keyBytes: 4, distinct: rows / 2, fillfactor: 90 }],
      ['(kind)', { keyBytes: 4, distinct: 10, fillfactor: 90 }],
      ['(kind) WITH (deduplicate_items = off)', { keyBytes: 4, distinct: rows, fillfactor: 90 }],
      ['(kind, id) WITH (fillfactor = 50)', { keyBytes: 12, distinct: rows, fillfactor: 50 }],
    ] as const;
    for (const [columns, layout] of cases) {
      await session.query('DROP INDEX IF EXISTS t_index');
      await session.query(`CREATE INDEX t_index ON t ${columns}`);
      const [size] = await session.query<{ bytes: number }>(`SELECT pg_relation_size('t_index')::float8 AS bytes`);
      const ratio = size!.bytes / PAGE_BYTES / btreePages(layout, rows);
      expect(ratio, columns).toBeGreaterThan(0.95);
      expect(ratio, columns).toBeLessThan(1.05);
    }
    await session.close();
  });
});
