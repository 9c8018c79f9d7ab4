import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import type { Session } from '../../src/postgres/index.js';
import { pgvtune, start, workingDirectory } from '../support/command-line.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';
import { checkpointStatistics } from '../support/checkpoint-statistics.js';

/*
 * The commands that read somebody's table, on a server that is there and as a role that may only read.
 */
describe.runIf(await hasLocal())('on a live server', () => {
  const cluster = sharedServer('local');
  let directory: ReturnType<typeof workingDirectory>;
  let admin: Session;
  let url: string;
  const vectors = clusteredVectors(1500, 16, 'rows');

  beforeAll(async () => {
    directory = workingDirectory();
    url = `postgres://reader@/postgres?host=${await socketFolder(cluster())}`;
    admin = await cluster().connect('admin');
    await admin.query(`
      CREATE ROLE reader LOGIN; CREATE ROLE stranger LOGIN;
      ALTER ROLE reader SET random_page_cost = 1;
      CREATE TABLE items (id int PRIMARY KEY, tenant int, embedding vector(16));
      CREATE TABLE searches (id int PRIMARY KEY, tenant int, embedding vector(16));
      CREATE TABLE plain (id int PRIMARY KEY, tenant int, embedding vector(16));
      GRANT SELECT ON items, searches, plain TO reader`);
    await insertVectors(admin, 'items', vectors);
    await insertVectors(admin, 'searches', clusteredVectors(50, 16, 'queries'));
    await insertVectors(admin, 'plain', vectors.slice(0, 100));
    await admin.query('CREATE INDEX items_ix ON items USING hnsw (embedding vector_cosine_ops)');
    await admin.query('VACUUM ANALYZE items');
    // Else its counts of the inserts arrive within the next ten seconds, as changes during a measurement.
    await admin.query('SELECT pg_stat_force_next_flush()');
  });
  afterAll(async () => {
    await admin.close();
    directory.remove();
  });

  const run = (...argv: string[]) => pgvtune(directory.path, ...argv);
  const recall = (...argv: string[]) => run('recall', '--server', url, '--table', 'items', '--queries', '20', ...argv);

  it('recall is one JSON document, with evidence beside every figure', async () => {
    const { code, stdout } = await recall('--json', '--set', 'hnsw.ef_search=30', '-k', '5');
    expect(code).toBe(0);
    expect(stdout).not.toMatch(/\[-?\d+\.\d+,-?\d/);
    const report = JSON.parse(stdout);
    expect(DOCUMENTS.recall.safeParse(report).error).toBeUndefined();
    expect(report).toMatchObject({
      server: { label: expect.stringContaining('/postgres'), pgvector: expect.any(String), standby: false },
      table: { name: 'public.items', column: 'embedding', type: 'vector(16)', rows: 1500 },
      asked: {
        k: 5,
        where: null,
        settings: { 'hnsw.ef_search': '30' },
        queries: 'rows of the table',
        metric: 'cosine',
      },
      indexes: [{ name: 'items_ix', method: 'hnsw', opclass: 'vector_cosine_ops', valid: true, predicate: null }],
      plan: { indexes: ['items_ix'], others: [], explainForced: null, cache: { mode: 'auto' } },
      measured: {
        recall: { queries: 20, mean: { value: expect.any(Number), low: expect.any(Number), high: expect.any(Number) } },
        completeness: { mean: 1, shortQueries: 0 },
        latencyMs: { first: { n: 20 }, again: { n: 20 } },
        exactPlan: 'Seq Scan on items',
        worst: expect.any(Array),
      },
      // What a role that may only read sees: counters, but not what others do.
      conditions: {
        looks: 4,
        server: {
          interrupted: false,
          checkpoints: expect.any(Number),
          vacuums: 0,
          changedRows: 0,
          autovacuumWorkers: null,
          otherSessions: null,
        },
        machine: { cores: expect.any(Number) },
        canary: { before: { roundTripMs: expect.any(Array) }, after: { cpuMs: expect.any(Array) } },
      },
      findings: expect.any(Array),
      verdict: 'measured',
    });
  });

  it('recall tells a person the same in words', async () => {
    const { code, stdout, stderr } = await recall('--no-color');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^public\.items\.embedding: vector\(16\), about 1,500 rows/);
    expect(stdout).toMatch(/^Recall@10 \d\.\d{4} \[\d\.\d{4}, \d\.\d{4}\], n = 20 rows of the table as queries/m);
    expect(stdout).toMatch(
      /^Plan Index Scan using items_ix on items \(checked \d+×\); exact scan: Seq Scan on items$/m,
    );
    expect(stdout).toMatch(
      /^During the measurement: checkpoints \d+, VACUUM and ANALYZE of the table 0, rows changed 0, autovacuum workers not seen, other sessions not seen$/m,
    );
    expect(stdout).toContain('GRANT pg_read_all_stats');
    expect(stderr).toContain('once for each of 20 queries');
  });

  it('recall lists every group and every value of a setting, and says what it will cost', async () => {
    const grouped = await recall('--no-color', '--by', 'tenant % 2', '--queries', '4', '--recall', '0.3');
    expect(grouped.code).toBe(0);
    expect(grouped.stdout).toMatch(/^Recall@10 \d\.\d{4} \[.*\], n = 8 queries of all groups$/m);
    expect(grouped.stdout).toMatch(/^  Recall 0\.3 is reached by every group\.$/m);
    expect(grouped.stdout).toMatch(/^By tenant % 2: all 2 groups$/m);
    expect(grouped.stdout).toMatch(/^[01] +750 +4 +\d\.\d{4} .* (Index|Seq) Scan .*on items$/m);
    expect(grouped.stderr).toMatch(/once for each of 8 queries, on one connection: about .* in all/);
    const swept = await recall('--no-color', '--sweep', 'hnsw.ef_search=2,40', '--recall', '0.5');
    expect(swept.code).toBe(0);
    expect(swept.stdout).toMatch(/^2 +0\.\d{4} .*\n40 +\d\.\d{4} /m);
    expect(swept.stdout).toMatch(/^Lowest hnsw\.ef_search that is shown to reach 0\.5 on average: 40$/m);
    expect((await recall('--groups', '3')).code).toBe(2);
    expect((await recall('--sweep', 'hnsw.ef_search')).code).toBe(2);
  });

  it('recall exits by its answer', async () => {
    expect((await recall('--recall', '0.5')).code).toBe(0);
    expect((await recall('--recall', '0.9999')).code).toBe(3);
    expect((await recall('--recall', '0.9', '--set', 'hnsw.ef_search=2')).code).toBe(1);
    const none = await run('recall', '--server', url, '--table', 'plain', '--no-color');
    expect(none).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('public.plain.embedding has no index: every query reads the whole table'),
    });
  });

  it('recall is compared with that of an earlier night', async () => {
    const at = (efSearch: string, ...argv: string[]) =>
      recall('--no-color', '--queries', '150', '--set', `hnsw.ef_search=${efSearch}`, ...argv);
    const save = async (name: string, efSearch: string) => {
      const { stdout } = await at(efSearch, '--json');
      writeFileSync(join(directory.path, name), stdout);
    };
    await save('good.json', '60');
    const same = await at('60', '--baseline', 'good.json');
    expect(same.stdout).toMatch(
      /^Recall of the baseline 1\.0000 .*; since then .*: undecided; about [\d,]+ queries in both/m,
    );
    expect(same.code).toBe(3);

    // As if the index had lost recall since.
    const document = JSON.parse((await at('10', '--json')).stdout);
    const mean = { value: 0.999, low: 0.998, high: 1 };
    const better = { ...document, measured: { ...document.measured, recall: { ...document.measured.recall, mean } } };
    writeFileSync(join(directory.path, 'better.json'), JSON.stringify(better));
    const worse = await at('10', '--baseline', 'better.json');
    expect(worse.stdout).toMatch(/^Recall of the baseline 0\.9990 \[.*; since then −0\.\d{4} \[.*: worse$/m);
    expect(worse.code).toBe(1);
    const json = JSON.parse((await at('10', '--json', '--baseline', 'better.json')).stdout);
    expect(json).toMatchObject({ change: { answer: 'different', isWorse: true, queriesNeeded: null } });

    const other = await at('11', '--baseline', 'better.json');
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('not comparable: settings (') });
    writeFileSync(join(directory.path, 'none.json'), '{}');
    for (const file of ['none.json', 'nothing.json']) {
      expect((await at('10', '--baseline', file)).stderr).toContain('Name a file that pgvtune recall --json wrote');
    }
    expect((await at('10', '--baseline', 'better.json', '--by', 'tenant')).code).toBe(2);
  });

  it('recall is void, and exits with 4, when the server lost its statistics, as it does in a crash', async () => {
    const state = { running: true };
    const measuring = Promise.all([recall('--json'), recall('--no-color')]).finally(() => (state.running = false));
    const { reset } = await checkpointStatistics(admin);
    while (state.running) await admin.query(reset);
    const [json, text] = await measuring;
    expect([json.code, text.code]).toEqual([4, 4]);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: 'void',
      measured: null,
      conditions: { server: { interrupted: true } },
      findings: expect.arrayContaining([expect.objectContaining({ code: 'interrupted', severity: 'high' })]),
    });
    expect(text.stdout).toMatch(/^The measurement is void\.$/m);
    expect(text.stdout).toContain('lost its statistics while the index was timed');
    expect(text.stderr).not.toContain('Comparing with exact scans');
  });

  it('recall takes real queries from a table or a file', async () => {
    const table = await recall('--json', '--query-table', 'searches');
    expect(JSON.parse(table.stdout)).toMatchObject({
      asked: { queries: 'log' },
      measured: { recall: { queries: 20 } },
    });
    const lines = clusteredVectors(8, 16, 'file').map((vector, i) =>
      JSON.stringify({ id: `q${i}`, embedding: [...vector] }),
    );
    writeFileSync(join(directory.path, 'queries.jsonl'), lines.join('\n'));
    const file = JSON.parse(
      (await recall('--json', '--query-log', 'queries.jsonl', '--set', 'hnsw.ef_search=10')).stdout,
    );
    expect(file).toMatchObject({ asked: { queries: 'log' }, measured: { recall: { queries: 8 } } });
    for (const { query } of file.measured.worst) expect(query).toMatch(/^q\d$/);
  });

  it('leaves nothing behind, and locks nothing but against being dropped', async () => {
    const inventory = () =>
      admin.query(
        `SELECT 'schema' AS kind, nspname::text AS name FROM pg_namespace
         UNION ALL SELECT 'relation', oid::regclass::text || relfilenode FROM pg_class
         UNION ALL SELECT 'setting', setdatabase || ' ' || setrole || setconfig::text FROM pg_db_role_setting
         UNION ALL SELECT 'content', md5(string_agg(xmin::text || ctid || i::text, '' ORDER BY id)) FROM items i
          ORDER BY 1, 2`,
      );
    const before = await inventory();
    // On relations: beside them, a session locks its own transaction, and a scan of HNSW a page of the index.
    const modes = new Set<string>();
    const state = { running: true };
    const measuring = Promise.all([
      recall('-q'),
      run('dataset', 'sample', '--server', url, '--table', 'items', '--name', 'locks', '-q'),
    ]).finally(() => (state.running = false));
    while (state.running) {
      const locks = await admin.query<{ mode: string }>(
        `SELECT DISTINCT l.mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE l.locktype = 'relation' AND a.application_name ~ '^pgvtune/(recall|sample)'`,
      );
      for (const { mode } of locks) modes.add(mode);
    }
    expect((await measuring).map(({ code }) => code)).toEqual([0, 0]);
    expect([...modes]).toEqual(['AccessShareLock']);
    expect(await inventory()).toEqual(before);
  });

  it('writes nothing even when it is asked to', async () => {
    await admin.query(`
      CREATE TABLE trap (id int); GRANT ALL ON trap TO reader;
      CREATE FUNCTION spring(int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.trap VALUES ($1); RETURN true; END'`);
    const { code, stderr } = await recall('--where', 'public.spring(id)');
    expect(code).toBe(4);
    expect(stderr).toContain('cannot execute INSERT in a read-only transaction');
    expect(await admin.query('SELECT FROM trap')).toHaveLength(0);
  });

  it('works on a server that takes no writes', async () => {
    await admin.query('ALTER ROLE reader SET default_transaction_read_only = on');
    expect((await recall('-q')).code).toBe(0);
    await admin.query('ALTER ROLE reader RESET default_transaction_read_only');
  });

  it('gives a statement up at its deadline', async () => {
    const { code, stderr } = await recall('--where', 'pg_sleep(0.5) IS NOT NULL', '--deadline', '200ms');
    expect(code).toBe(4);
    expect(stderr).toMatch(/within 200 ms; it was cancelled/);
    expect(stderr).toContain('Give a statement more time (--deadline)');
    const [left] = await admin.query(
      `SELECT FROM pg_stat_activity WHERE application_name ~ '^pgvtune/recall' AND state = 'active'`,
    );
    expect(left).toBeUndefined();
  });

  it('says what to grant', async () => {
    const stranger = url.replace('reader@', 'stranger@');
    const { code, stderr } = await run('recall', '--server', stranger, '--table', 'items');
    expect(code).toBe(4);
    expect(stderr).toContain('This role may not read public.items.');
    expect(stderr).toContain('GRANT SELECT ON public.items TO stranger;');
  });

  it.each([
    [['--set', 'ef_search'], /Expected name=value/],
    [['--set', 'hnsw.ef_search=8000'], /refuses a setting: 8000 is outside the valid range.*1 \.\. 1000/],
    [['--set', 'shared_buffers=1GB'], /refuses a setting: .*cannot be changed/],
    [['-k', '0'], /Expected a whole number from 1/],
    [['--recall', '1.2'], /between 0 and 1/],
    [['--deadline', 'soon'], /Expected a duration/],
    [['--query-log', 'nothing.jsonl'], /there is no file .*nothing\.jsonl/],
    [['--query-log', 'queries.jsonl', '--query-table', 'searches'], /both name query vectors/],
  ])('refuses %j', async (argv, message) => {
    const { code, stdout, stderr } = await recall(...argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('refuses servers that would be started empty', async () => {
    for (const server of ['local', 'embedded', 'auto']) {
      const { code, stderr } = await run('recall', '--server', server, '--table', 'items');
      expect(code).toBe(2);
      expect(stderr).toContain('would start empty');
    }
  });

  it('ends soon after Ctrl-C, and with 130', async () => {
    const { child, done } = start(
      directory.path,
      ['recall', '--server', url, '--table', 'items', '--queries', '600'],
      (text) => text.includes('The exact side reads') && child.kill('SIGINT'),
    );
    const { code, stdout, stderr } = await done;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toContain('Interrupted at');
  });
});
