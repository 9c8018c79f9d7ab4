import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../src/postgres/index.js';
import { type Outcome, pgvtune, workingDirectory } from '../support/command-line.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

/** An application's own statement is tuned on a copy of its tables, whose server may only be read. */
describe.runIf(await hasLocal())('tune --sql', () => {
  const live = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let url: string;
  const SEARCH = `SELECT c.id, d.lang FROM shop.chunks c JOIN shop.docs d ON d.id = c.tenant
     WHERE d.lang <> 'xx' ORDER BY c.embedding <-> $1 LIMIT 6;`;

  beforeAll(async () => {
    directory = workingDirectory();
    url = `postgres://writer@/postgres?host=${await socketFolder(live())}`;
    admin = await live().connect('admin');
    await admin.query(`
      CREATE ROLE writer LOGIN; CREATE SCHEMA shop; CREATE TYPE shop.mood AS ENUM ('dull', 'merry');
      CREATE TABLE shop.docs (id int PRIMARY KEY, lang text, mood shop.mood);
      INSERT INTO shop.docs SELECT i, (ARRAY['de', 'en'])[1 + i % 2], 'merry' FROM generate_series(0, 9) AS i;
      CREATE TABLE shop.chunks (id int PRIMARY KEY, tenant int, embedding vector(16));
      CREATE INDEX ON shop.chunks (tenant);
      CREATE VIEW shop.shown AS SELECT * FROM shop.docs;
      GRANT USAGE ON SCHEMA shop TO writer; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO writer`);
    await insertVectors(admin, 'shop.chunks', clusteredVectors(3000, 16, 'rows'));
    await admin.query('ANALYZE shop.chunks, shop.docs');
    writeFileSync(
      join(directory.path, 'pgvtune.yaml'),
      JSON.stringify({ server: 'local', target: { recall: 0.8 }, measure: { queries: 40 } }),
    );
  });
  afterAll(async () => {
    await admin.close();
    directory.remove();
  });

  const tune = (sql: string, ...argv: string[]): Promise<Outcome> => {
    writeFileSync(join(directory.path, 'search.sql'), sql);
    return pgvtune(directory.path, 'tune', 'pgvtune.yaml', '--sql', 'search.sql', ...argv);
  };
  const onTable = (sql: string, ...argv: string[]) => tune(sql, '--table', 'shop.chunks', '--server', url, ...argv);

  it('recommends what was measured on a copy of the tables, and touches none of them', async () => {
    const { code, stdout, stderr } = await onTable(SEARCH, '--json');
    expect(code, stderr).toBe(0);
    const { document, tuned } = JSON.parse(stdout);
    expect(document).toBe('tune statement');
    expect(tuned).toMatchObject({
      k: 5,
      target: 0.8,
      copied: [
        { table: 'shop.chunks', rows: 3000, isSample: false },
        { table: 'shop.docs', rows: 10, isSample: false },
      ],
      best: {
        reached: true,
        measured: { recall: { queries: 40 } },
        settings: { plan_cache_mode: 'force_custom_plan' },
      },
    });
    const { best, options } = tuned;
    expect(best.measured.recall.mean.low).toBeGreaterThanOrEqual(0.8);
    expect(best.plan).toMatch(/Index Scan using chunks_embedding_(hnsw|ivfflat)_/);
    expect(new Set(options.map(({ spec }: { spec: { method: string } }) => spec.method))).toEqual(
      new Set(['hnsw', 'ivfflat']),
    );
    // The change is made where the table is, as it is printed, and serves the statement there.
    const indexes = `SELECT indexname FROM pg_indexes WHERE schemaname = 'shop' AND indexdef ~ 'hnsw|ivfflat'`;
    expect(await admin.query(indexes)).toEqual([]);
    await admin.query(best.create);
    await admin.query('BEGIN');
    for (const [name, value] of Object.entries(best.settings))
      await admin.query(`SET LOCAL ${name} = ${String(value)}`);
    const plan = await admin.query<{ 'QUERY PLAN': string }>(
      `EXPLAIN ${SEARCH.replace('$1', `(SELECT embedding FROM shop.chunks LIMIT 1)`)}`,
    );
    await admin.query('ROLLBACK');
    expect(JSON.stringify(plan)).toContain('chunks_embedding_');
    await admin.query(best.drop);
    expect(await admin.query(indexes)).toEqual([]);
  });

  it.each([
    ['SELECT id FROM shop.chunks UNION SELECT 1 ORDER BY 1 LIMIT 3', 'it is a UNION'],
    [
      'SELECT id FROM shop.chunks ORDER BY embedding <-> $1, embedding <=> $1 LIMIT 3',
      'it orders by more than the distance',
    ],
    [
      'DECLARE c CURSOR FOR SELECT id FROM shop.chunks ORDER BY embedding <-> $1 LIMIT 3',
      'A cursor is planned for a part',
    ],
    ['SELECT id FROM shop.chunks WHERE tenant = $2 ORDER BY embedding <-> $1 LIMIT 3', 'its only parameter, $1'],
    [
      'SELECT c.id FROM shop.chunks c JOIN shop.shown d ON d.id = c.tenant ORDER BY c.embedding <-> $1 LIMIT 3',
      'shop.shown is a view',
    ],
  ])('refuses %s', async (sql, why) => {
    expect(await onTable(sql)).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });

  it('needs the table that is searched', async () => {
    expect(await tune(SEARCH)).toMatchObject({ code: 2, stderr: expect.stringContaining('--sql needs the table') });
  });
});
