import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pc from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statementLines } from '../../src/cli/commands/tune/statement-print.js';
import type { Session } from '../../src/postgres/index.js';
import { viewStatement } from '../../src/reports/index.js';
import { readRun } from '../../src/results/index.js';
import { type Outcome, pgvtune, start, workingDirectory } from '../support/command-line.js';
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
        target: { recall: 0.8, confidence: 0.9 },
        measure: { queries: 60 },
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
    const { document, manifest, answer, records } = JSON.parse(stdout);
    expect(document).toBe('tune');
    expect(manifest).toMatchObject({
      metric: 'l2',
      target: { recall: 0.8, confidence: 0.9 },
      dataset: { name: 'shop."Chunks"', rows: 2000, dimensions: 16 },
      statement: {
        k: 5,
        rows: 2000,
        parameters: [
          { number: 2, source: 'row', comparedWith: 'd.lang', value: null },
          { number: 3, source: 'given', comparedWith: null, value: '6' },
        ],
        copied: [
          { table: 'shop."Chunks"', rows: 2000, isSample: false },
          { table: 'shop.docs', rows: 10, isSample: false },
        ],
      },
    });
    const folder = join(directory.path, 'results', 'search');
    // The copy of somebody's rows is gone with the last measurement.
    expect(readdirSync(folder).toSorted()).toEqual(['journal.ndjson', 'manifest.json', 'vector_optimization.md']);
    const report = readFileSync(join(folder, 'vector_optimization.md'), 'utf8');
    expect(report).toContain('- $2: d.lang of the row whose vector is the query');
    expect(await pgvtune(directory.path, 'report', 'search', '--lang', 'ru')).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'vector_optimization.md'), 'utf8')).toContain('# Запрос приложения');
    expect(await pgvtune(directory.path, 'report', 'search')).toMatchObject({ code: 0 });
    expect(readFileSync(join(folder, 'vector_optimization.md'), 'utf8')).toBe(report);
    expect(await onTable(SEARCH, '--name', 'search')).toMatchObject({ code: 2 });
    const view = viewStatement(readRun(join(directory.path, 'results'), 'search'))!;
    const best = view.best!;
    expect(best.settings).toMatchObject({ plan_cache_mode: 'force_custom_plan' });
    expect(best.step!.measured.recall).toMatchObject({ queries: 60 });
    expect(best.step!.plan).toMatch(/Index Scan using chunks_vec_(hnsw|ivfflat)_/);
    expect(answer.options).toHaveLength(4);
    expect(records.map(({ type }: { type: string }) => type)).toEqual([
      'statement-without-index',
      ...Array.from({ length: 4 }, () => 'statement-with-index'),
    ]);
    // The change is made where the table is, as it is printed, and serves the statement there.
    const indexes = `SELECT indexname FROM pg_indexes WHERE schemaname = 'shop' AND indexdef ~ 'hnsw|ivfflat'`;
    expect(await admin.query(indexes)).toEqual([]);
    const printed = statementLines(view, pc.createColors(false));
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
    await admin.query(best.record.drop);
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
      stderr: expect.stringContaining('A bound on p95 needs at least 75 queries, got 60'),
    });
  });

  it.each([
    ['target.index_size', { target: { index_size: '1GB' } }],
    ['target.minimise', { target: { minimise: 'buffers' } }],
    ['k', { k: 5 }],
    ['measure.samples', { measure: { samples: 300 } }],
    ['measure.repeats', { measure: { repeats: 2 } }],
    ['workloads', { workloads: ['hybrid'] }],
    ['dataset.where', { dataset: { table: 'shop."Chunks"', where: 'tenant = 1' } }],
    ['dataset.attributes', { dataset: { table: 'shop."Chunks"', attributes: ['tenant'] } }],
  ])('refuses a configuration with %s before any work', async (key, config) => {
    writeFileSync(join(directory.path, 'keys.yaml'), JSON.stringify(config));
    const argv = ['tune', 'keys.yaml', '--sql', 'none.sql', '--table', 'shop."Chunks"', '--server', url];
    expect(await pgvtune(directory.path, ...argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--sql ignores ${key} of the configuration`),
    });
  });

  it('takes a configuration that pgvtune init wrote', async () => {
    expect(await pgvtune(directory.path, 'init', 'all.yaml')).toMatchObject({ code: 0 });
    const argv = ['tune', 'all.yaml', '--sql', 'none.sql', '--table', 'shop."Chunks"', '--server', url];
    expect(await pgvtune(directory.path, ...argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none.sql cannot be read'),
    });
  });

  it('keeps what is measured when it is interrupted, and goes on without the server of the tables', async () => {
    const results = join(directory.path, 'results');
    const recordsOf = () => readRun(results, 'cut').records;
    writeFileSync(join(directory.path, 'search.sql'), SEARCH);
    const argv = ['tune', 'pgvtune.yaml', '--sql', 'search.sql', '--table', 'shop."Chunks"', '--server', url];
    let isCut = false;
    const { child, done } = start(directory.path, [...argv, '--param', '3=6', '--name', 'cut'], () => {
      if (isCut || !existsSync(join(results, 'cut')) || recordsOf().length < 3) return;
      isCut = true;
      child.kill('SIGINT');
    });
    const cut = await done;
    expect(cut.code, cut.stderr).toBe(130);
    expect(cut.stderr).toContain('Continue with: pgvtune tune --resume cut');
    const before = recordsOf();
    expect(before.map(({ type }) => type)).toEqual([
      'statement-without-index',
      'statement-with-index',
      'statement-with-index',
    ]);
    expect(readdirSync(results)).not.toContain('.cut-tables');
    await pgvtune(directory.path, 'report', 'cut');
    expect(readFileSync(join(results, 'cut', 'vector_optimization.md'), 'utf8')).toContain('This run is not finished');
    // Its rows have changed since; the copy has not.
    await admin.query('ALTER TABLE shop."Chunks" RENAME TO gone');
    try {
      expect(await tune(SEARCH, '--resume', 'cut', '--table', 'shop.gone', '--server', url)).toMatchObject({ code: 2 });
      const resumed = await pgvtune(directory.path, 'tune', '--resume', 'cut');
      expect(resumed.code, resumed.stderr).toBe(0);
      expect(resumed.stdout).toContain('Recommended:');
    } finally {
      await admin.query('ALTER TABLE shop.gone RENAME TO "Chunks"');
    }
    expect(recordsOf().slice(0, 3)).toEqual(before);
    expect(recordsOf()).toHaveLength(6);
    expect(existsSync(join(results, 'cut', 'tables'))).toBe(false);
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
