import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { type LiveRecallOptions, measureLiveRecall } from '../../../src/live/index.js';
import { monotonicClock } from '../../../src/measure/index.js';
import type { Session } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { clusteredVectors, insertVectors } from '../../support/live-tables.js';
import { describeServers } from '../../support/servers.js';

const ROWS = 200;
const SEARCH = `
  -- what the application sends, with a name of several bytes
  SELECT d.title AS "Überschrift", c.id
    FROM chunks AS c JOIN documents d ON d.id = c.document_id
   WHERE d.public AND c.tenant <> 3
   ORDER BY c.embedding <-> $1
   LIMIT 6;`;

await describeServers('recall of an application statement', (server) => {
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('live');
    await session.query('SET random_page_cost = 1');
    await session.query(`
      CREATE TABLE documents (id int PRIMARY KEY, title text, public bool);
      CREATE TABLE chunks (id int PRIMARY KEY, tenant int, embedding vector(16), document_id int);
      CREATE FUNCTION meddle(int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT $1';
      INSERT INTO documents SELECT n, 'document ' || n, n % 3 > 0 FROM generate_series(0, 19) AS n`);
    await insertVectors(session, 'chunks', clusteredVectors(ROWS, 16, 'chunks'));
    await session.query('UPDATE chunks SET document_id = id * 7 % 20');
    await session.query(
      'CREATE INDEX chunks_ix ON chunks USING hnsw (embedding vector_l2_ops) WITH (m = 4, ef_construction = 8)',
    );
    for (const table of ['documents', 'chunks']) await session.query(`VACUUM ANALYZE ${table}`);
  });
  afterAll(() => session.close());

  const measure = (change: Partial<LiveRecallOptions> = {}) =>
    measureLiveRecall({
      session,
      table: 'chunks',
      k: 10,
      queries: 1000,
      settings: {},
      deadlineMs: 10_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
      ...change,
    });

  it('finds what the same statement finds in plain SQL, with and without the index', async () => {
    const settings = { enable_sort: 'off', 'hnsw.ef_search': '10' };
    const report = await measure({ statement: SEARCH, settings });
    const answers = (own: number) =>
      session
        .query<{ id: number }>(
          SEARCH.replace('$1', `(SELECT embedding FROM chunks WHERE id = ${own})`).replace(';', ''),
        )
        .then((rows) =>
          rows
            .map(({ id }) => id)
            .filter((id) => id !== own)
            .slice(0, 5),
        );
    let [recall, complete] = [0, 0];
    await session.rolledBack(async () => {
      for (let own = 0; own < ROWS; own++) {
        await session.query('SET LOCAL enable_indexscan = off; SET LOCAL enable_sort = on');
        const exact = await answers(own);
        await session.query(
          'SET LOCAL enable_indexscan = on; SET LOCAL enable_sort = off; SET LOCAL hnsw.ef_search = 10',
        );
        const found = await answers(own);
        recall += found.filter((id) => exact.includes(id)).length / exact.length / ROWS;
        complete += found.length / exact.length / ROWS;
      }
    });
    expect(report).toMatchObject({
      verdict: 'measured',
      asked: { k: 5, where: null, exactOf: 'column', sql: expect.stringContaining('d.title AS "Überschrift", c.id') },
      plan: { indexes: ['chunks_ix'] },
      measured: { exactPlan: 'Seq Scan on chunks', recall: { queries: ROWS } },
    });
    expect(report.measured!.recall.mean.value).toBeCloseTo(recall, 9);
    expect(report.measured!.completeness.mean).toBeCloseTo(complete, 9);
    expect(report.measured!.completeness.mean).toBeLessThan(0.9);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'iterative-scan-off', data: { setting: 'hnsw.iterative_scan' } }),
    );
  });

  it('asks each row with the values that it has, and with ranges of other rows', async () => {
    const sql = `SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document_id
      WHERE d.public = $1 AND c.tenant BETWEEN $3 AND $4 AND EXISTS (SELECT FROM documents other WHERE other.title = $5)
      ORDER BY c.embedding <-> $2 LIMIT $6`;
    const settings = { enable_sort: 'off', 'hnsw.ef_search': '10' };
    const executed = vi.spyOn(session, 'execute');
    const report = await measure({ statement: sql, values: new Map([[6, '6']]), settings, queries: 50 });
    expect(report).toMatchObject({
      verdict: 'measured',
      asked: { k: 5, settings: { plan_cache_mode: 'force_custom_plan' } },
    });
    expect(report.plan!.plans.reduce((sum, { queries }) => sum + queries, 0)).toBe(50);
    const asked = executed.mock.calls
      .filter(([{ text }]) => text.includes('<-> $1 LIMIT 6'))
      .map(([, values]) => values.map(String));
    executed.mockRestore();
    const rows = await session.query<{ embedding: string; public: string }>(
      'SELECT embedding::text, public::text FROM chunks c JOIN documents d ON d.id = c.document_id',
    );
    const publicOf = new Map(rows.map((row) => [row.embedding, row.public]));
    expect(asked.length).toBeGreaterThanOrEqual(100);
    for (const [vector, isPublic, low, high, title] of asked) {
      expect(isPublic).toBe(publicOf.get(vector!));
      expect(Number(low)).toBeLessThanOrEqual(Number(high));
      expect(title).toMatch(/^document \d+$/);
    }
    // As often as rows have them, and not the same range for all.
    expect(new Set(asked.map(([, , low, high]) => `${low} ${high}`)).size).toBeGreaterThan(20);
  });

  it('gives an array the value of the row, and those of others', async () => {
    const sql = 'SELECT id FROM chunks WHERE document_id = ANY ($2) ORDER BY embedding <-> $1 LIMIT 5';
    const executed = vi.spyOn(session, 'execute');
    const settings = { enable_sort: 'off', 'hnsw.ef_search': '100' };
    expect(await measure({ statement: sql, settings, queries: 30 })).toMatchObject({ verdict: 'measured' });
    const asked = executed.mock.calls
      .filter(([{ text }]) => text.includes('<-> $1'))
      .map(([, values]) => values.map(String));
    executed.mockRestore();
    const rows = await session.query<{ embedding: string; document: string }>(
      'SELECT embedding::text, document_id::text AS document FROM chunks',
    );
    const documentOf = new Map(rows.map(({ embedding, document }) => [embedding, document]));
    expect(asked.length).toBeGreaterThanOrEqual(30);
    for (const [vector, array] of asked) {
      const documents = array!.replaceAll(/[{}"]/g, '').split(',');
      expect(documents).toContain(documentOf.get(vector!));
      expect(new Set(documents).size).toBe(documents.length);
      expect(documents.length).toBeGreaterThan(3);
    }
  });

  it.each([
    ['DELETE FROM chunks', /Expected a SELECT, got Delete/],
    ['SELECT 1; SELECT 2', /Expected one statement/],
    ['SELEC id', /syntax error/],
    ['SELECT id FROM chunks LIMIT 5', /it does not order by a distance/],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1', /it has no LIMIT/],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1 DESC LIMIT 5', /descending/],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1, id LIMIT 5', /more than the distance/],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1 LIMIT 5 OFFSET 5', /it has OFFSET/],
    ['SELECT DISTINCT id FROM chunks ORDER BY embedding <-> $1 LIMIT 5', /it has DISTINCT/],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1 LIMIT 5 FOR UPDATE', /it locks rows/],
    ['SELECT id FROM chunks WHERE tenant + $2 > 3 ORDER BY embedding <-> $1 LIMIT 5', /nothing says what \$2 could be/],
    [
      'SELECT id FROM chunks ORDER BY embedding <-> (SELECT embedding FROM chunks LIMIT 1) LIMIT 5',
      /has to be a parameter/,
    ],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1 LIMIT 2 + 3', /LIMIT is not a whole number/],
    ['SELECT meddle(id) FROM chunks ORDER BY embedding <-> $1 LIMIT 5', /meddle, which is VOLATILE/],
    ['SELECT pg_sleep(9) FROM chunks ORDER BY embedding <-> $1 LIMIT 5', /pg_sleep, which is VOLATILE/],
    [
      'WITH gone AS (DELETE FROM documents RETURNING id) SELECT id FROM chunks ORDER BY embedding <-> $1 LIMIT 5',
      /it writes/,
    ],
    ['SELECT title FROM documents ORDER BY embedding <-> $1 LIMIT 5', /it does not order by public\.chunks\.embedding/],
    ['SELECT nobody FROM chunks ORDER BY embedding <-> $1 LIMIT 5', /column "nobody" does not exist/],
    ['SELECT id FROM chunks ORDER BY embedding <-> $1 LIMIT 1', /asks for one row/],
  ])('refuses %s', async (statement, message) => {
    await expect(measure({ statement })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(message),
    });
  });

  it('finds the LIMIT at which the plan leaves the index, as EXPLAIN does', async () => {
    const usesIndex = async (limit: number): Promise<boolean> => {
      const rows = await session.query<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT ctid FROM chunks ORDER BY embedding <-> (SELECT embedding FROM chunks WHERE id = 1) LIMIT ${limit}`,
      );
      return rows.some((row) => row['QUERY PLAN'].includes('chunks_ix'));
    };
    const { limit, findings, verdict } = await measure({ k: ROWS, queries: 5 });
    expect(verdict).toBe('no index used');
    expect([await usesIndex(limit!.last), await usesIndex(limit!.last + 1)]).toEqual([true, false]);
    expect(limit).toMatchObject({ asked: ROWS + 1, beyond: 'Seq Scan on chunks' });
    expect(findings.map(({ code }) => code)).toContain('plan-depends-on-limit');
    expect((await measure({ k: 5, queries: 5 })).limit!.last).toBe(limit!.last);
  });

  it('says that an IVFFlat index was built before its rows came, and that row-level security is there', async () => {
    await session.query(`
      CREATE TABLE late (id int PRIMARY KEY, tenant int, embedding vector(16));
      CREATE INDEX late_ix ON late USING ivfflat (embedding vector_l2_ops) WITH (lists = 30);
      ALTER TABLE late ENABLE ROW LEVEL SECURITY`);
    // As embeddings do, they all point the same way: one of the centres that were drawn at random is nearest to most.
    const aside = clusteredVectors(2000, 16, 'late').map((vector) => vector.map((x) => x + 100));
    await insertVectors(session, 'late', aside);
    await session.query('VACUUM ANALYZE late');
    const settings = { enable_sort: 'off' };
    const codes = async () => (await measure({ table: 'late', queries: 20, settings })).findings;
    const before = await codes();
    expect(before).toContainEqual(
      expect.objectContaining({
        code: 'uneven-lists',
        data: expect.objectContaining({ index: 'late_ix', probes: 1, lists: 30, even: 1 / 30 }),
      }),
    );
    expect(before).toContainEqual(
      expect.objectContaining({ code: 'row-security', data: { table: 'public.late', exempt: true } }),
    );
    await session.query('REINDEX INDEX late_ix');
    expect((await codes()).map(({ code }) => code)).not.toContain('uneven-lists');
    await session.query('DROP TABLE late');
  });

  it('needs rights on a partitioned table alone, and sees what row-level security leaves', async () => {
    await session.query(`
      CREATE ROLE reader;
      CREATE TABLE parted (id int, tenant int, embedding vector(16)) PARTITION BY LIST (tenant);
      CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN (0, 1, 2, 3, 4);
      CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN (5, 6, 7, 8, 9)`);
    await insertVectors(session, 'parted', clusteredVectors(300, 16, 'parted'));
    await session.query(`
      CREATE INDEX ON parted USING hnsw (embedding vector_l2_ops);
      ANALYZE parted;
      ALTER TABLE parted ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON parted USING (tenant < 7);
      GRANT SELECT ON parted TO reader;
      SET ROLE reader`);
    try {
      const report = await measure({ table: 'parted', queries: 1000, settings: { enable_sort: 'off' } });
      // 7 of 10 tenants.
      expect(report.measured!.recall.queries).toBe(210);
      expect(report.plan!.indexes).toHaveLength(2);
      expect(report.findings).toContainEqual(
        expect.objectContaining({ code: 'row-security', data: { table: 'public.parted', exempt: false } }),
      );
    } finally {
      await session.query('RESET ROLE');
    }
    await session.query('DROP TABLE parted; DROP ROLE reader');
  });
});
