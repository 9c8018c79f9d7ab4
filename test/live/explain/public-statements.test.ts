import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainStatement } from '../../../src/live/index.js';
import { monotonicClock } from '../../../src/measure/index.js';
import { type Session, vectorText } from '../../../src/postgres/index.js';
import { silentReporter } from '../../../src/progress.js';
import { clusteredVectors } from '../../support/live-tables.js';
import { hasLocal, sharedServer } from '../../support/servers.js';

const ROWS = 12_000;

/*
 * Statements of the forms in which people asked in pgvector's issues why their index is not used, with the cause that was found
 * there. They were kept aside while the causes were written.
 */
describe.runIf(await hasLocal())('statements that people asked about', () => {
  const server = sharedServer('local');
  let session: Session;

  beforeAll(async () => {
    session = await server().connect('explain');
    await session.query('SET random_page_cost = 1.1');
    const run = (text: string): Promise<unknown> => session.query(text);
    await run(
      'CREATE TABLE memories (id int PRIMARY KEY, app int, version int, collection text, published int, embedding vector(6))',
    );
    await session.query(
      `INSERT INTO memories SELECT n, n % 500, n % 2, CASE WHEN n % 2 = 0 THEN 'mine' ELSE 'other' END, n, v::vector
         FROM unnest($1::text[]) WITH ORDINALITY AS given(v, n)`,
      [clusteredVectors(ROWS, 6, 'public').map(vectorText)],
    );
    for (const table of ['l2', 'lang', 'articles', 'faces']) {
      await run(`CREATE TABLE ${table} (LIKE memories INCLUDING ALL)`);
      await run(`INSERT INTO ${table} SELECT * FROM memories${table === 'faces' ? ' LIMIT 40' : ''}`);
    }
    await run('ALTER TABLE articles ALTER embedding TYPE halfvec(6)');
    const options = 'WITH (m = 4, ef_construction = 8)';
    await run(`CREATE INDEX memories_v ON memories USING hnsw (embedding vector_cosine_ops) ${options}`);
    await run('CREATE INDEX memories_app ON memories (app, version)');
    await run('CREATE INDEX memories_published ON memories (published)');
    await run(`CREATE INDEX l2_v ON l2 USING hnsw (embedding vector_cosine_ops) ${options}`);
    await run(`CREATE INDEX articles_v ON articles USING hnsw (embedding halfvec_ip_ops) ${options}`);
    await run(`CREATE INDEX faces_v ON faces USING hnsw (embedding vector_cosine_ops) ${options}`);
    await run(
      `CREATE INDEX lang_v ON lang USING hnsw (((embedding)::public.halfvec(6)) public.halfvec_cosine_ops) ${options} WHERE (collection = 'mine'::text)`,
    );
    await run(
      `CREATE FUNCTION random_vector() RETURNS vector LANGUAGE sql AS 'SELECT array_agg(random()^3)::vector FROM generate_series(1, 6)'`,
    );
    await run(
      `CREATE FUNCTION empty_vector() RETURNS vector LANGUAGE plpgsql AS $$ BEGIN RETURN array_fill(1, ARRAY[6])::vector; END $$`,
    );
    for (const table of ['memories', 'l2', 'lang', 'articles', 'faces']) await run(`ANALYZE ${table}`);
  });
  afterAll(() => session.close());

  it.each([
    ["SELECT id, collection FROM memories ORDER BY embedding <=> '[1,2,3,4,5,6]' desc LIMIT 1", 'descending', 'mended'],
    [
      'SELECT id FROM memories WHERE app = 3 AND version = 1 ORDER BY (SELECT embedding FROM memories LIMIT 1) <=> embedding LIMIT 30',
      'cheaper-filter',
      'exact is right',
    ],
    [
      "SELECT id FROM articles ORDER BY embedding::halfvec <#> current_setting('app.vector')::halfvec DESC LIMIT 10",
      'descending',
      'mended',
    ],
    ["SELECT id FROM faces ORDER BY embedding <=> '[1,2,3,4,5,6]' LIMIT 2", 'small-table', 'exact is right'],
    [
      "SELECT id, 1 - (embedding <-> '[1,2,3,4,5,6]') AS similarity FROM l2 ORDER BY embedding <-> '[1,2,3,4,5,6]' LIMIT 10",
      'operator-mismatch',
      'change needed',
    ],
    [
      'SELECT id, embedding <=> random_vector() AS cosine_dist FROM memories ORDER BY cosine_dist LIMIT 10',
      'volatile-operand',
      'mended',
    ],
    [
      "SELECT * FROM lang WHERE collection = 'mine' ORDER BY embedding <=> '[1,2,3,4,5,6]' LIMIT 4",
      'index-on-expression',
      'mended',
    ],
    ['SELECT * FROM memories ORDER BY embedding <=> empty_vector() ASC LIMIT 5', 'volatile-operand', 'mended'],
    [
      "SELECT id FROM memories WHERE published < 60 ORDER BY embedding <=> '[1,2,3,4,5,6]' LIMIT 10",
      'cheaper-filter',
      'exact is right',
    ],
  ])('%s', async (sql, code, verdict) => {
    await session.query("SELECT set_config('app.vector', '[1,2,3,4,5,6]', false)");
    const report = await explainStatement({
      session,
      sql,
      given: new Map(),
      measure: null,
      deadlineMs: 30_000,
      seed: 1,
      clock: monotonicClock,
      reporter: silentReporter,
    });
    expect({ codes: report.obstacles.map((obstacle) => obstacle.code), verdict: report.verdict }).toEqual({
      codes: [code],
      verdict,
    });
  });

  it('SELECT id, embedding <=> $1 FROM memories', async () => {
    await expect(
      explainStatement({
        session,
        sql: 'SELECT id, embedding <=> $1 FROM memories',
        given: new Map(),
        measure: null,
        deadlineMs: 30_000,
        seed: 1,
        clock: monotonicClock,
        reporter: silentReporter,
      }),
    ).rejects.toThrow(/does not order by a distance/);
  });
});
