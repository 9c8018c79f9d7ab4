import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementLines } from '../../src/cli/commands/tune/statement-print.js';
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
  const SEARCH = `SELECT c.id, d.lang FROM shop."Chunks" c JOIN shop.docs d ON d.id = c.tenant
     WHERE d.lang = $2 AND d.mood = 'merry'::kinds.mood
     ORDER BY c."Vec" <-> $1 LIMIT $3 -- six`;

  beforeAll(async () => {
    directory = workingDirectory();
    url = `postgres://writer@/postgres?host=${await socketFolder(live())}`;
    admin = await live().connect('admin');
    await admin.query(`
      CREATE ROLE writer LOGIN; ALTER ROLE writer SET datestyle = 'SQL, DMY'; CREATE SCHEMA shop; CREATE SCHEMA kinds; CREATE TYPE kinds.mood AS ENUM ('dull', 'merry');
      CREATE TABLE shop.docs (id int PRIMARY KEY, lang text, mood kinds.mood, made date);
      INSERT INTO shop.docs SELECT i, (ARRAY['de', 'en'])[1 + i % 2], 'merry', '2026-02-13' FROM generate_series(0, 9) AS i;
      CREATE TABLE shop."Chunks" (id varchar(20) PRIMARY KEY, tenant int, "Vec" halfvec(16));
      CREATE INDEX ON shop."Chunks" (tenant);
      CREATE TABLE shop.sparse (id int PRIMARY KEY, embedding sparsevec(16));
      CREATE VIEW shop.shown AS SELECT * FROM shop.docs;
      GRANT USAGE ON SCHEMA shop, kinds TO writer; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO writer`);
    await insertVectors(admin, 'shop."Chunks"', clusteredVectors(2000, 16, 'rows'));
    await admin.query('ANALYZE shop."Chunks", shop.docs');
    writeFileSync(
      join(directory.path, 'pgvtune.yaml'),
      JSON.stringify({
        server: 'local',
        target: { recall: 0.8 },
        measure: { queries: 20 },
        indexes: [
          { hnsw: { m: [8], ef_construction: [32], ef_search: [40] } },
          { ivfflat: { lists: [30], probes: [2, 8] } },
        ],
      }),
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
  const onTable = (sql: string, ...argv: string[]) => tune(sql, '--table', 'shop."Chunks"', '--server', url, ...argv);

  it('recommends what was measured on a copy of the tables, and touches none of them', async () => {
    const { code, stdout, stderr } = await onTable(SEARCH, '--param', '3=6', '--name', 'search', '--json');
    expect(code, stderr).toBe(0);
    const { document, tuned } = JSON.parse(stdout);
    expect(document).toBe('tune statement');
    expect(tuned).toMatchObject({
      k: 5,
      target: 0.8,
      parameters: [
        { number: 2, source: 'row', comparedWith: 'd.lang', value: null },
        { number: 3, source: 'given', comparedWith: null, value: '6' },
      ],
      copied: [
        { table: 'shop."Chunks"', rows: 2000, isSample: false },
        { table: 'shop.docs', rows: 10, isSample: false },
      ],
      place: { rows: 2000, dimensions: 16, metric: 'l2' },
      best: {
        reached: true,
        measured: { recall: { queries: 20 } },
        settings: { plan_cache_mode: 'force_custom_plan' },
      },
    });
    const folder = join(directory.path, 'results', 'search');
    expect(readFileSync(join(folder, 'statement.json'), 'utf8')).toBe(stdout);
    expect(readFileSync(join(folder, 'vector_optimization.md'), 'utf8')).toContain(
      '- $2: d.lang of the row whose vector is the query',
    );
    expect(await onTable(SEARCH, '--name', 'search')).toMatchObject({ code: 2 });
    const { best, options } = tuned;
    expect(best.measured.recall.mean.low).toBeGreaterThanOrEqual(0.8);
    expect(best.plan).toMatch(/Index Scan using chunks_vec_(hnsw|ivfflat)_/);
    expect(new Set(options.map(({ spec }: { spec: { method: string } }) => spec.method))).toEqual(
      new Set(['hnsw', 'ivfflat']),
    );
    // The change is made where the table is, as it is printed, and serves the statement there.
    const indexes = `SELECT indexname FROM pg_indexes WHERE schemaname = 'shop' AND indexdef ~ 'hnsw|ivfflat'`;
    expect(await admin.query(indexes)).toEqual([]);
    const printed = statementLines(tuned, { server: 'local', paint: pc.createColors(false) });
    const change = printed.slice(printed.indexOf('The change to make:') + 1);
    const begin = change.indexOf('  BEGIN;');
    for (const line of change.slice(0, begin)) await admin.query(line);
    const query = change.slice(begin, change.indexOf('  COMMIT;'));
    const plan = await admin.rolledBack(async () => {
      const at = query.findIndex((line) => line.startsWith('  SELECT'));
      for (const line of query.slice(1, at)) await admin.query(line);
      const select = query
        .slice(at)
        .join('\n')
        .replace('$1', `(SELECT "Vec" FROM shop."Chunks" LIMIT 1)`)
        .replace('$2', `'de'`)
        .replace('$3', '6');
      return admin.query(`EXPLAIN ${select}`);
    });
    expect(JSON.stringify(plan)).toContain('chunks_vec_');
    await admin.query(best.drop);
    expect(await admin.query(indexes)).toEqual([]);
  });

  it.each([
    ['SELECT id FROM shop."Chunks" UNION SELECT 1 ORDER BY 1 LIMIT 3', 'it is a UNION'],
    ['SELECT id FROM shop."Chunks" ORDER BY "Vec" <-> $1, "Vec" <=> $1 LIMIT 3', 'it orders by more than the distance'],
    [
      'DECLARE c CURSOR FOR SELECT id FROM shop."Chunks" ORDER BY "Vec" <-> $1 LIMIT 3',
      'A cursor is planned for a part',
    ],
    [
      'SELECT id FROM shop."Chunks" WHERE tenant + $2 > 3 ORDER BY "Vec" <-> $1 LIMIT 3',
      'nothing says what $2 could be',
    ],
    [
      'SELECT c.id FROM shop."Chunks" c JOIN shop.shown d ON d.id = c.tenant ORDER BY c."Vec" <-> $1 LIMIT 3',
      'shop.shown is a view',
    ],
    ['SELECT id FROM shop."Chunks" ORDER BY "Vec" <-> $1 LIMIT 1', 'a row of the table finds itself first'],
  ])('refuses %s', async (sql, why) => {
    expect(await onTable(sql)).toMatchObject({ code: 2, stderr: expect.stringContaining(why) });
  });

  it('refuses a column that no index is tuned for, before the table is copied', async () => {
    const sparse = 'SELECT id FROM shop.sparse ORDER BY embedding <-> $1 LIMIT 3';
    expect(await tune(sparse, '--table', 'shop.sparse', '--server', url)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('embedding of shop.sparse is of type sparsevec(16)'),
    });
  });

  it('refuses what it would not look at', async () => {
    expect(await onTable(SEARCH, '--rate', '20')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--sql and --rate exclude each other'),
    });
    expect(await onTable(SEARCH, '--p95', '20ms')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('A bound on p95 needs at least 75 queries, got 20'),
    });
    writeFileSync(join(directory.path, 'size.yaml'), JSON.stringify({ target: { index_size: '1GB' } }));
    const argv = ['tune', 'size.yaml', '--sql', 'search.sql', '--table', 'shop."Chunks"', '--server', url];
    expect(await pgvtune(directory.path, ...argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--sql ignores target.index_size'),
    });
  });

  it('takes values for parameters of a statement alone', async () => {
    expect(await pgvtune(directory.path, 'tune', '--param', '2=1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--param gives values of the parameters of --sql'),
    });
  });

  it('needs the table that is searched', async () => {
    expect(await tune(SEARCH)).toMatchObject({ code: 2, stderr: expect.stringContaining('--sql needs the table') });
  });
});
