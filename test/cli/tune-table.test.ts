import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vectorText, type Session } from '../../src/postgres/index.js';
import { readRun } from '../../src/results/index.js';
import { type Outcome, pgvtune, workingDirectory } from '../support/command-line.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

/** A table in use is sampled by a role that may only read, and tuned for on another server. */
describe.runIf(await hasLocal())('tune for a table in use', () => {
  const live = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let url: string;
  let outcome: Outcome;
  const vectors = clusteredVectors(1500, 16, 'rows');
  const indexes = () =>
    admin.query<{ indexdef: string }>(`SELECT indexdef FROM pg_indexes WHERE schemaname = 'shop' ORDER BY 1`);

  beforeAll(async () => {
    directory = workingDirectory();
    url = `postgres://sampler:topsecret@/postgres?host=${await socketFolder(live())}`;
    admin = await live().connect('admin');
    await admin.query(`
      CREATE ROLE sampler LOGIN; CREATE SCHEMA shop;
      CREATE TABLE shop."Goods" (id int PRIMARY KEY, tenant int, "Vec" vector(16));
      CREATE TABLE shop.sparse (id int PRIMARY KEY, embedding sparsevec(16));
      INSERT INTO shop.sparse VALUES (1, '{1:1}/16');
      CREATE VIEW shop.shown AS SELECT * FROM shop."Goods";
      GRANT USAGE ON SCHEMA shop TO sampler; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO sampler`);
    await insertVectors(admin, 'shop."Goods"', vectors);
    await admin.query('CREATE INDEX goods_ix ON shop."Goods" USING hnsw ("Vec" vector_l2_ops) WITH (m = 4)');
    await admin.query('ANALYZE shop."Goods"');
    const config = {
      server: 'embedded',
      k: 5,
      dataset: { rows: 600, control: 40 },
      target: { recall: 0.9 },
      measure: { samples: 100, queries: 100, repeats: 1 },
      indexes: [{ hnsw: { m: 8 } }],
    };
    writeFileSync(join(directory.path, 'pgvtune.yaml'), JSON.stringify(config));
    outcome = await tune('--table', 'shop."Goods"', '--server', url, '--name', 'goods');
  });
  afterAll(async () => {
    await admin.close();
    directory.remove();
  });

  const tune = (...argv: string[]): Promise<Outcome> => pgvtune(directory.path, 'tune', 'pgvtune.yaml', ...argv);
  const file = (name: string): string => readFileSync(join(directory.path, 'results/goods', name), 'utf8');

  it('compares the recommendation with what the table gives today', () => {
    expect(outcome.code, outcome.stderr).toBe(0);
    const { manifest, records } = readRun(join(directory.path, 'results'), 'goods');
    expect(manifest).toMatchObject({ metric: 'l2', server: { kind: 'embedded' }, dataset: { rows: 600 } });
    const control = records.find((record) => record.type === 'control');
    expect(control).toMatchObject({
      table: 'shop."Goods"',
      column: 'Vec',
      rows: 1500,
      k: 5,
      indexes: [{ name: 'goods_ix', method: 'hnsw', options: { m: '4' } }],
      outcome: { code: 'measured', data: { settings: { 'hnsw.ef_search': '40' }, recall: { queries: 40 } } },
    });
    expect(outcome.stdout).toContain('Today, shop."Goods": recall@5 ');
    expect(file('vector_optimization.md')).toMatch(/## Today\n\n\| {2}\| today \| recommended \|/);
  });

  it('leaves the table as it is, and keeps no password', async () => {
    expect(await indexes()).toHaveLength(3);
    const [schemas] = await admin.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_namespace WHERE nspname LIKE 'pgvtune%'`,
    );
    expect(schemas!.n).toBe(0);
    const written = ['manifest.json', 'journal.ndjson', 'vector_optimization.md'].map(file).join('\n');
    expect(`${written}${outcome.stdout}${outcome.stderr}`).not.toContain('topsecret');
  });

  it('prints statements that run on the table as they are', async () => {
    const report = file('vector_optimization.md');
    expect(report).not.toContain('your_table');
    const blocks = [...report.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql]) => sql!);
    const build = blocks.find((sql) => sql.includes('CREATE INDEX'))!;
    const query = blocks.find((sql) => sql.includes('BEGIN;'))!;
    await admin.query('DROP INDEX shop.goods_ix');
    for (const statement of build.split('\n').filter(Boolean)) await admin.query(statement);
    expect((await indexes()).map(({ indexdef }) => indexdef).join('\n')).toContain('goods_vec_hnsw_');
    const select = query.split('\n').find((line) => line.startsWith('SELECT'))!;
    const rows = await admin.query<{ id: number }>(select.replace(';', ''), [vectorText(vectors[7]!)]);
    expect(rows[0]).toEqual({ id: 7 });
    const undo = blocks
      .at(-1)!
      .split('\n')
      .find((line) => line.startsWith('DROP INDEX'))!;
    await admin.query(undo);
    expect(await indexes()).toHaveLength(2);
  });

  it('refuses what cannot be meant before it samples', async () => {
    const both = await tune('--table', 'shop.shown', '--dataset', 'docs');
    expect(both).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--table and --dataset exclude each other'),
    });
    const started = await tune('--table', 'shop.shown', '--server', 'local');
    expect(started).toMatchObject({ code: 2, stderr: expect.stringContaining('would start empty') });
    const sparse = await tune('--table', 'shop.sparse', '--server', url, '--metric', 'l2');
    expect(sparse).toMatchObject({ code: 2, stderr: expect.stringContaining('a column of type sparsevec(16)') });
    expect(readdirSync(join(directory.path, 'datasets/objects'))).toHaveLength(1);
    const unknown = await tune('--table', 'shop.nothing', '--server', url);
    expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no table shop.nothing') });
  });
});
