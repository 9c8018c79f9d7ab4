import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LiveRecallOptions, measureLiveRecall, readSweep } from '../../../src/live/index.js';
import { monotonicClock } from '../../../src/measure/index.js';
import type { Session } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { clusteredVectors, insertVectors } from '../../support/live-tables.js';
import { describeServers } from '../../support/servers.js';

const K = 4;
/** Rows of each tenant. */
const TENANTS = { large: 32, "mid'dle": 18, small: 12, single: 1 } as const;
const ROWS = 63;
/** Answers that need no sort come from the index; so few rows would be sorted otherwise. */
const FORCED = { enable_sort: 'off', 'hnsw.ef_search': '12' };

await describeServers('recall by group', (server) => {
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('live');
    await session.query(`
      CREATE TABLE projects (id int PRIMARY KEY, tenant text, embedding int);
      CREATE TABLE documents (id int PRIMARY KEY, project_id int REFERENCES projects, spare_id int REFERENCES projects, title text);
      CREATE TABLE chunks (id int PRIMARY KEY, tenant int, embedding vector(16), document_id int REFERENCES documents,
                           metadata jsonb);
      CREATE TABLE stray (id int PRIMARY KEY, tenant int);
      CREATE FUNCTION meddle(int) RETURNS int LANGUAGE sql VOLATILE AS 'SELECT $1'`);
    await insertVectors(session, 'chunks', clusteredVectors(ROWS, 16, 'chunks'));
    const tenants = Object.entries(TENANTS).flatMap(([tenant, rows]) => Array.from({ length: rows }, () => tenant));
    for (const [i, tenant] of Object.keys(TENANTS).entries()) {
      await session.query('INSERT INTO projects VALUES ($1, $2)', [i, tenant]);
      await session.query('INSERT INTO documents VALUES ($1, $1)', [i]);
    }
    // Neighbouring ids belong to different tenants.
    const order = tenants.map((tenant, i) => ({ tenant, key: (i * 37) % ROWS }));
    for (const { tenant, key } of order) {
      await session.query(
        `UPDATE chunks SET document_id = p.id, metadata = jsonb_build_object('tenant', p.tenant)
           FROM projects p WHERE p.tenant = $1 AND chunks.id = $2`,
        [tenant, key],
      );
    }
    await session.query('CREATE INDEX chunks_ix ON chunks USING hnsw (embedding vector_l2_ops)');
    for (const table of ['projects', 'documents', 'chunks']) await session.query(`VACUUM ANALYZE ${table}`);
    await session.query('ALTER TABLE documents DROP COLUMN spare_id');
  });
  afterAll(() => session.close());

  const measure = (change: Partial<LiveRecallOptions> = {}) =>
    measureLiveRecall({
      session,
      table: 'chunks',
      k: K,
      // Every row is a query.
      queries: 100,
      settings: FORCED,
      deadlineMs: 10_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
      ...change,
    });

  /** The application's own join, by the index and exactly: mean recall and completeness over a tenant's rows. */
  const byPlainSql = (tenant: string, efSearch: number) =>
    session.rolledBack(async () => {
      const nearest = async (own: number, limit: number): Promise<number[]> => {
        const rows = await session.query<{ id: number }>(
          `SELECT c.id FROM chunks c JOIN documents d ON d.id = c.document_id JOIN projects p ON p.id = d.project_id
            WHERE p.tenant = $1 ORDER BY c.embedding <-> (SELECT embedding FROM chunks WHERE id = $2) LIMIT ${limit}`,
          [tenant, own],
        );
        return rows.map(({ id }) => id).filter((id) => id !== own);
      };
      const rows = await session.query<{ id: number }>(
        'SELECT c.id FROM chunks c JOIN documents d ON d.id = document_id JOIN projects p ON p.id = project_id WHERE p.tenant = $1',
        [tenant],
      );
      const answers: { exact: number[]; found: number[] }[] = [];
      for (const { id } of rows) {
        await session.query('SET LOCAL enable_indexscan = off; SET LOCAL enable_sort = on');
        const exact = await nearest(id, K + 1);
        await session.query(
          `SET LOCAL enable_indexscan = on; SET LOCAL enable_sort = off; SET LOCAL hnsw.ef_search = ${efSearch}`,
        );
        answers.push({ exact: exact.slice(0, K), found: (await nearest(id, K + 1)).slice(0, K) });
      }
      const mean = (of: (answer: (typeof answers)[number]) => number): number =>
        answers.reduce((sum, answer) => sum + of(answer) / answer.exact.length, 0) / answers.length;
      return {
        recall: mean(({ exact, found }) => found.filter((id) => exact.includes(id)).length),
        completeness: mean(({ exact, found }) => Math.min(found.length, exact.length)),
      };
    });

  it('finds the tenant two joins away, and for each what plain SQL finds, worst first', async () => {
    const report = await measure({ by: 'projects.tenant', target: 0.9 });
    const by = report.by!;
    expect(by).toMatchObject({
      through: ['public.documents', 'public.projects'],
      found: 3,
      skipped: 1,
      strata: null,
      mean: { over: 'queries', n: ROWS - 1 },
    });
    expect(report).toMatchObject({ measured: null, plan: null, sweep: null, verdict: 'not reached' });
    let sum = 0;
    for (const { value, rows, measured, plan } of by.groups) {
      const expected = await byPlainSql(value!, 12);
      expect(rows).toBe(TENANTS[value as keyof typeof TENANTS]);
      expect(plan.indexes).toEqual(['chunks_ix']);
      expect(measured.recall.queries).toBe(rows);
      expect(measured.recall.mean.value, value!).toBeCloseTo(expected.recall, 9);
      expect(measured.completeness.mean, value!).toBeCloseTo(expected.completeness, 9);
      sum += measured.recall.mean.value * rows;
    }
    expect(by.mean.recall.value).toBeCloseTo(sum / (ROWS - 1), 9);
    const recalls = by.groups.map(({ measured }) => measured.recall.mean.value);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
    expect(recalls[0]).toBeLessThan(0.7);
    // The findings are those of the worst group: its rows are missing.
    expect(report.findings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['iterative-scan-off', 'rows-missing']),
    );
    expect(report.cost).toMatchObject({ exactScans: ROWS - 1, expectedMs: expect.any(Number) });
  });

  it('finds the same by an expression, and through a join that is named', async () => {
    const values = ({ by }: Awaited<ReturnType<typeof measure>>) =>
      new Map(by!.groups.map(({ value, measured }) => [value, measured.recall.mean.value]));
    const direct = values(await measure({ by: "metadata->>'tenant'", queries: 10 }));
    const joined = await measure({
      by: 'projects.tenant',
      queries: 10,
      joins: [
        { table: 'documents', column: 'document_id' },
        { table: 'projects', column: 'project_id' },
      ],
    });
    expect(new Set(direct.keys())).toEqual(new Set(['large', "mid'dle", 'small']));
    expect(new Set(values(joined).keys())).toEqual(new Set(direct.keys()));
  });

  it('names the lowest setting for the mean and for every group, from one set of exact scans', async () => {
    const sweep = readSweep(`hnsw.ef_search=6,${ROWS}`);
    const settings = { enable_sort: 'off' };
    const report = await measure({ by: 'projects.tenant', settings, sweep, target: 0.5 });
    for (const { value, steps } of report.by!.groups.slice(0, 1)) {
      for (const { value: ef, measured } of steps) {
        expect(measured.recall.mean.value, `${value} ${ef}`).toBeCloseTo((await byPlainSql(value!, ef)).recall, 9);
      }
    }
    // With all rows in the search list nothing is lost.
    expect(report.by!.groups.map(({ steps }) => steps.at(-1)!.measured.recall.mean.value)).toEqual([1, 1, 1]);
    expect(report).toMatchObject({ verdict: 'reached', sweep: { setting: 'hnsw.ef_search', lowestForEvery: ROWS } });
    expect(report.cost!.exactScans).toBe(ROWS - 1);
  });

  it('sweeps without groups as well, beside the setting of today', async () => {
    const report = await measure({
      sweep: readSweep('hnsw.ef_search=5..20'),
      settings: { enable_sort: 'off' },
      target: 0.9,
    });
    const { values, means, steps, lowest, lowestForEvery } = report.sweep!;
    expect(values).toEqual([5, 7, 10, 14, 20]);
    expect(steps.map(({ measured }) => measured.recall.mean)).toEqual(means);
    expect(lowest).toBe(values.find((_, i) => means.slice(i).every(({ low }) => low! >= 0.9)));
    expect(lowestForEvery).toBeNull();
    expect(report.measured!.shareReached!.value).toBeGreaterThan(0.5);
    expect(report.verdict).toBe('reached');
  });

  it('measures every value of a sweep by the plan that it gets itself', async () => {
    await session.query('CREATE TABLE listed (id int PRIMARY KEY, tenant int, embedding vector(16))');
    await insertVectors(session, 'listed', clusteredVectors(2000, 16, 'listed'));
    await session.query('CREATE INDEX ON listed USING ivfflat (embedding vector_l2_ops) WITH (lists = 20)');
    await session.query('VACUUM ANALYZE listed');
    // As an application plans: custom plans first, then whichever is cheaper.
    const sweep = readSweep('ivfflat.probes=1,20');
    const settings = { cpu_index_tuple_cost: '0.05' };
    const { sweep: swept } = await measure({ table: 'listed', settings, sweep, queries: 12 });
    expect(swept!.steps.map(({ plan }) => plan.indexes)).toEqual([['listed_embedding_idx'], []]);
    expect(swept!.steps.at(-1)!.measured.recall.mean.value).toBe(1);
  });

  it('finds a joined table in the schema of the table that it is joined to', async () => {
    await session.query(`
      CREATE SCHEMA "The App";
      CREATE TABLE "The App".owners (id int PRIMARY KEY, tenant text);
      CREATE TABLE "The App".notes (id int PRIMARY KEY, embedding vector(16), owner_id int REFERENCES "The App".owners);
      INSERT INTO "The App".owners VALUES (1, 'one'), (2, 'two');
      INSERT INTO "The App".notes SELECT id, embedding, 1 + id % 2 FROM chunks;
      CREATE INDEX ON "The App".notes USING hnsw (embedding vector_l2_ops)`);
    const table = '"The App".notes';
    const { by } = await measure({ table, by: 'owners.tenant', queries: 2, k: 1 });
    expect(new Set(by!.groups.map(({ value }) => value))).toEqual(new Set(['one', 'two']));
    const joins = [{ table: 'owners', column: 'owner_id' }];
    expect((await measure({ table, by: 'owners.tenant', joins, queries: 2, k: 1 })).by!.groups).toHaveLength(2);
    await expect(measure({ table, by: 'nowhere.tenant' })).rejects.toMatchObject({
      message: expect.stringContaining('There is no table nowhere') as string,
      hint: expect.stringContaining('with its schema') as string,
    });
  });

  it('draws groups at random by size where there are many', async () => {
    const report = await measure({ by: 'id / 5', groups: 6, queries: 2, k: 1 });
    const by = report.by!;
    expect(by).toMatchObject({ found: 13, mean: { over: 'groups', n: 6 } });
    expect(by.strata!.map(({ drawn }) => drawn)).toEqual([1, 1, 1, 1, 2]);
    expect(by.strata!.reduce((sum, { groups }) => sum + groups, 0)).toBe(13);
    expect(new Set(by.groups.map(({ value }) => value)).size).toBe(6);
    const mean = by.groups.reduce((sum, { measured }) => sum + measured.recall.mean.value, 0) / 6;
    expect(by.mean.recall.value).toBeCloseTo(mean, 9);
  });

  it('asks for the groups of a type with a modifier', async () => {
    const { by } = await measure({ by: '(id % 2)::bit(8)', queries: 2, k: 1 });
    expect(new Set(by!.groups.map(({ value }) => value))).toEqual(new Set(['00000000', '00000001']));
  });

  it.each([
    ['projects.nobody', /public\.projects has no column "nobody"/],
    ['nowhere.tenant', /There is no table nowhere/],
    ['stray.tenant', /No foreign key leads from public\.chunks to public\.stray/],
    ['nobody', /column "nobody" does not exist/],
    ['tenant, id', /it is more than one expression/],
    ['tenant) FROM chunks WHERE (true', /it is more than one expression/],
    ['tenant +', /syntax error/],
    ['meddle(tenant)', /meddle, which is VOLATILE/],
    ['(SELECT meddle(tenant))', /meddle, which is VOLATILE/],
    ['count(*)', /aggregate functions are not allowed/],
    ['metadata::json', /could not identify an equality operator|no equality/],
    ["metadata->>'tenat'", /has no value in any row/],
  ])('refuses --by %s before any work', async (by, message) => {
    await expect(measure({ by })).rejects.toMatchObject({ code: 'usage', message: expect.stringMatching(message) });
  });

  it('asks which foreign key is meant where several lead there', async () => {
    await session.query('ALTER TABLE documents ADD COLUMN other_id int REFERENCES projects');
    await expect(measure({ by: 'projects.tenant' })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(
        /Several foreign keys .* public\.documents:document_id public\.projects:project_id/,
      ),
    });
    await session.query('ALTER TABLE documents DROP COLUMN other_id');
  });
});

it.each([
  'hnsw.ef_search',
  'hnsw.ef_search=',
  'hnsw.ef_search=9..3',
  'hnsw.ef_search=0..3',
  'hnsw.ef_search=1,x',
  '=1,2',
])('refuses the sweep "%s"', (text) => {
  expect(() => readSweep(text)).toThrow(/Expected a setting and its values/);
});
