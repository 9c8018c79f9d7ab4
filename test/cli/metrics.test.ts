import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import type { Server, Session } from '../../src/postgres/index.js';
import { findBrowser, openBrowser } from '../support/browser.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { type Exporter, startExporter, valueOf } from '../support/exporter.js';
import { frozenProxy } from '../support/frozen-proxy.js';
import { preloadingServer } from '../support/preloading-server.js';
import { hasPrometheus, startPrometheus } from '../support/prometheus.js';
import { hasLocal, socketFolder } from '../support/servers.js';

const RECIPES = ['grafana-server-dashboard.json', 'pgvtune-server.rules.yml', 'pgvtune-server.rules.test.yml'];
const lacksPromtool = spawnSync('promtool', ['--version']).status !== 0 && process.env['CI'] !== 'true';

let directory: ReturnType<typeof workingDirectory>;
const stops: (() => Promise<unknown>)[] = [];
beforeAll(() => {
  directory = workingDirectory();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => directory.remove());

/** The command, running; it ends with the test. */
async function exporter(server: string, ...more: readonly string[]): Promise<Exporter> {
  const running = await startExporter(directory.path, server, ...more);
  stops.push(running.end);
  return running;
}

function dashboardExpressions(): readonly string[] {
  const dashboard = JSON.parse(readFileSync('docs/recipes/grafana-server-dashboard.json', 'utf8')) as {
    panels: { targets?: { expr: string }[] }[];
  };
  return dashboard.panels.flatMap(({ targets = [] }) =>
    targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*')),
  );
}

const namesOf = (page: string): Set<string> => new Set(page.match(/^pgvtune_[a-z_]+/gm));
const FOREVER = { deadlineMs: Infinity };

describe('metrics of a server that is not there', () => {
  it('say so, and end with 0 when they are stopped', async () => {
    const { io, until, end } = await exporter('postgres://me:s3cret-word@127.0.0.1:1/db');
    expect(DOCUMENTS.metrics.safeParse(JSON.parse(io.stdout.text())).error).toBeUndefined();
    const page = await until(/^pgvtune_blind\{reason="unreachable"\} 1$/m);
    expect(valueOf(page, 'pgvtune_up')).toBe(0);
    expect(page).not.toMatch(/^pgvtune_(server|last_success|table|connections\b)/m);
    expect(page + io.stderr.text()).not.toContain('s3cret-word');
    expect(io.stderr.text()).toMatch(/^\S+Z Sees nothing \(unreachable\): Cannot connect to 127\.0\.0\.1:1\/db: /);
    expect(await end()).toBe(0);
  });

  it('answer at /metrics alone, and only to who reads', async () => {
    const { url } = await exporter('postgres://me@127.0.0.1:1/db');
    expect((await fetch(new URL('/', url))).status).toBe(404);
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(405);
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('content-type')]).toEqual([
      200,
      '',
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
  });

  it('are refused where the address is taken, or names no host', async () => {
    const { url } = await exporter('postgres://me@127.0.0.1:1/db');
    const listen = (address: string) =>
      pgvtune(directory.path, 'metrics', '--server', 'postgres://me@127.0.0.1:1/db', '--listen', address);
    expect(await listen(new URL(url).host)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('Another program'),
    });
    for (const address of ['9187', ':9187', '127.0.0.1', '127.0.0.1:70000', 'http://127.0.0.1:9187']) {
      expect(await listen(address), address).toMatchObject({ code: 2, stdout: '' });
    }
  });
});

describe.runIf(await hasLocal())('metrics of a native server', () => {
  let cluster: Server;
  let admin: Session;
  let folder: string;
  const url = (role: string): string => `postgres://${role}@/postgres?host=${folder}`;

  beforeAll(async () => {
    cluster = await preloadingServer('pg_stat_statements');
    folder = await socketFolder(cluster);
    admin = await cluster.connect('admin');
    for (const statement of [
      'CREATE EXTENSION pg_stat_statements',
      'CREATE ROLE monitor LOGIN IN ROLE pg_monitor, pg_read_all_data',
      'CREATE ROLE stranger LOGIN',
      `CREATE FUNCTION waiting(id int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
       BEGIN
         IF id IN (3000, 6000) THEN PERFORM pg_advisory_lock_shared(id); PERFORM pg_advisory_unlock_shared(id); END IF;
         RETURN id;
       END $$`,
      'CREATE SCHEMA "sch""ema"',
      'CREATE TABLE public.items (id int PRIMARY KEY, tenant int, embedding vector(8))',
      `INSERT INTO public.items SELECT i, i % 7, ARRAY(SELECT random() FROM generate_series(1, 8) WHERE i > 0)::vector FROM generate_series(1, 9000) i`,
      'CREATE INDEX "a""b\\c\n\u001b[31md" ON public.items USING hnsw (embedding vector_l2_ops)',
      'CREATE TABLE "sch""ema"."ta\\ble{x=""1""}" (x int)',
      'VACUUM ANALYZE public.items',
    ]) {
      await admin.query(statement, [], FOREVER);
    }
  });
  afterAll(async () => {
    await admin?.close();
    await cluster?.stop();
  });

  const search = (filter: string): Promise<unknown> =>
    admin.query(
      `SELECT id FROM public.items WHERE ${filter} ORDER BY embedding <-> '[1,1,1,1,1,1,1,1]'::vector LIMIT 10`,
    );

  /**
   * Waits until Prometheus has samples for every panel of the dashboard, and has evaluated every rule. Then its own page has
   * to draw each panel, for Grafana cannot be had everywhere.
   */
  async function drawn(scraped: string): Promise<void> {
    const prometheus = await startPrometheus(directory.path, scraped);
    stops.push(prometheus.stop);
    // What asks for trouble has samples without its comparison.
    const panels = dashboardExpressions().map((expression) => expression.replaceAll(/ (== 1|> 0)/g, ''));
    let empty = panels;
    let rules: ReadonlyMap<string, string> = new Map();
    const later = AbortSignal.timeout(60_000);
    while (!later.aborted && (empty.length > 0 || [...rules.values()].some((health) => health === 'unknown'))) {
      const counts = await Promise.all(empty.map((expression) => prometheus.count(expression)));
      empty = empty.filter((_, i) => counts[i] === 0);
      rules = await prometheus.rules();
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(empty).toEqual([]);
    expect(rules.size).toBeGreaterThan(15);
    expect([...rules].filter(([, health]) => health !== 'ok')).toEqual([]);

    const browser = findBrowser();
    if (browser === null) return;
    const opened = await openBrowser(browser);
    stops.push(() => opened.close());
    const page = await opened.newPage();
    for (const panel of panels) {
      const answer = await page.goto(prometheus.graph(panel));
      if (answer?.status() === 404) return;
      await page.locator('.rickshaw_graph svg path').first().waitFor({ state: 'attached', timeout: 60_000 });
    }
  }

  it('are all that the alert rules and the dashboard ask for, in a format that Prometheus takes', async () => {
    await search('tenant < 100');
    // A build that waits twice, so that it is seen before and after it went on.
    const [keeper, builder] = [await cluster.connect('keeper'), await cluster.connect('builder')];
    stops.push(
      async () => builder.close(),
      async () => keeper.close(),
    );
    await keeper.query('SELECT pg_advisory_lock(3000), pg_advisory_lock(6000)');
    await builder.query(
      'SET max_parallel_maintenance_workers = 0; SET lock_timeout = 0; SET client_min_messages = error',
    );
    const building = builder.query('CREATE INDEX ON public.items (public.waiting(id))', [], FOREVER);
    building.catch(() => undefined);
    const running = await exporter(url('monitor'), '--recall', 'public.items');
    const { until, scrape } = running;
    await until(/^pgvtune_index_build_state\{.*state="waiting"\} 1$/m);
    await keeper.query('SELECT pg_advisory_unlock(3000)');
    await until(/^pgvtune_index_build_phase_left_seconds\{/m);
    const page = await until(/^pgvtune_recall_probe_state\{.*state="measured"\} 1$/m);
    if (hasPrometheus) await drawn(running.url);
    await keeper.query('SELECT pg_advisory_unlock(6000)');
    await building;

    const exported = namesOf(page);
    for (const file of RECIPES) {
      const asked = readFileSync(join('docs/recipes', file), 'utf8').match(/pgvtune_[a-z_]+(?=[{[ )]|'$)/gm) ?? [];
      expect(new Set(asked).size).toBeGreaterThan(15);
      expect(asked.filter((name) => !exported.has(name))).toEqual([]);
    }
    expect(valueOf(page, 'pgvtune_recall_ratio{table="public.items"}')).toBeGreaterThan(0.5);
    expect(page).toMatch(/^pgvtune_recall_completeness_ratio\{table="public.items"\} 1$/m);
    if (!lacksPromtool) execFileSync('promtool', ['check', 'metrics'], { input: await scrape(), stdio: 'pipe' });
  });

  it('count the entries that searches read, and show names as they are, escaped', async () => {
    const { until, scrape } = await exporter(url('monitor'));
    const before = await until(/^pgvtune_up 1$/m);
    const index = String.raw`index="a\"b\\c\n` + '\ufffd[31md",method="hnsw"}';
    const labels = `{schema="public",table="items",${index}`;
    expect(valueOf(before, `pgvtune_ann_index_valid${labels}`)).toBe(1);
    expect(before).toContain(String.raw`{schema="sch\"ema",table="ta\\ble{x=\"1\"}"} 0`);
    const since = (page: string, counter: string): number =>
      valueOf(page, `pgvtune_ann_index_${counter}_total${labels}`) -
      valueOf(before, `pgvtune_ann_index_${counter}_total${labels}`);
    // All 40 candidates of one search are read, for none of them meets the condition.
    await admin.query('SET enable_seqscan = off');
    await search('tenant = 1000');
    await admin.query('RESET enable_seqscan; SELECT pg_stat_force_next_flush()');
    let page = before;
    while (since(page, 'entries_read') < valueOf(before, 'pgvtune_hnsw_ef_search')) page = await scrape();
    expect(since(page, 'entries_read')).toBeLessThan(60);
    // The one before may be counted late.
    expect([1, 2]).toContain(since(page, 'scans'));
  });

  it('give series of their own to so many statements, whatever else is asked', async () => {
    await admin.query('SELECT pg_stat_statements_reset()');
    for (let i = 0; i < 3; i++) await admin.query('SELECT count(*) FROM public.items WHERE tenant = $1', [i]);
    const { until } = await exporter(url('monitor'), '--statements', '2');
    const first = await until(/^pgvtune_up 1$/m);
    expect(first).toMatch(
      /^pgvtune_statement_info\{queryid="-?\d+",statement="SELECT count\(\*\) FROM public.items WHERE tenant = \$1"\} 1$/m,
    );
    for (let i = 0; i < 6; i++) await admin.query(`SELECT ${'tenant, '.repeat(i)} id FROM public.items LIMIT 1`);
    await admin.query(`ALTER ROLE stranger PASSWORD 'pa55-word-of-a-role'`);
    const page = await until(/^pgvtune_statement_calls_total\{queryid="other"\} \d\d/m);
    expect(new Set(page.match(/queryid="[^"]*"/g)).size).toBe(3);
    expect(page).not.toContain('pa55-word-of-a-role');
  });

  it('mask the password of the connection wherever the server shows it, also where a text is cut', async () => {
    const secret = 's3cret-word';
    const statement = 'SELECT count(*) FROM public.items WHERE tenant > 0';
    await admin.query(`${statement} /* ${'-'.repeat(110 - statement.length)} ${secret} */`);
    await admin.query(`CREATE TABLE public."of ${secret}" (x int)`);
    const { until } = await exporter(`postgres://monitor:${secret}@/postgres?host=${folder}`);
    const page = await until(/^pgvtune_up 1$/m);
    expect(page).toMatch(/statement="SELECT count\(\*\) FROM public\.items WHERE tenant > \$1 \/\* -+ \*\*\*/);
    expect(page).toContain('table="of ***"');
    expect(page).not.toContain(secret.slice(0, 4));
  });

  it('say what the role may not see', async () => {
    const { until } = await exporter(url('stranger'));
    const page = await until(/^pgvtune_up 1$/m);
    for (const part of ['sessions', 'horizons', 'standbys']) {
      expect(page).toContain(`pgvtune_unread{part="${part}",reason="sessions-hidden"} 1`);
    }
    expect(page).toContain('pgvtune_unread{part="statements",reason="statements-hidden"} 1');
    expect(page).not.toMatch(/^pgvtune_(sessions|statement|horizon)/m);
    expect(page).toMatch(/^pgvtune_connections \d+$/m);
  });

  it('measure recall with the rights that the documentation grants, and no others', async () => {
    const page = readFileSync('docs/monitoring.md', 'utf8');
    const granted = /CREATE ROLE monitor[^`]+/.exec(page)![0].replaceAll(/\bmonitor\b/g, 'granted');
    await admin.query('CREATE SCHEMA app; CREATE TABLE app.items AS SELECT * FROM public.items', [], FOREVER);
    await admin.query('CREATE INDEX ON app.items USING hnsw (embedding vector_l2_ops)', [], FOREVER);
    await admin.query('VACUUM ANALYZE app.items', [], FOREVER);
    await admin.query(granted);
    const { until } = await exporter(url('granted'), '--recall', 'app.items');
    const seen = await until(/^pgvtune_recall_probe_state\{table="app.items",state="(measured|failed)"\} 1$/m);
    expect(valueOf(seen, 'pgvtune_recall_ratio{table="app.items"}')).toBeGreaterThan(0.5);
    expect(seen).not.toMatch(/^pgvtune_unread\{.*\} 1$/m);
  });

  it('measure no recall that is too expensive, or of a table that is not there', async () => {
    const recall = [
      '--recall',
      'public.items',
      '--recall',
      'nowhere',
      '--recall-budget',
      '1ms',
      '--recall-every',
      '1ms',
    ];
    const { until, io } = await exporter(url('monitor'), ...recall);
    await until(/^pgvtune_recall_probe_state\{table="nowhere",state="failed"\} 1$/m);
    const page = await until(/^pgvtune_recall_probe_state\{table="public.items",state="too-expensive"\} 1$/m);
    expect(valueOf(page, 'pgvtune_up')).toBe(1);
    expect(valueOf(page, 'pgvtune_recall_probe_expected_seconds{table="public.items"}')).toBeGreaterThan(0.001);
    expect(page).not.toMatch(/^pgvtune_recall_ratio/m);
    expect(io.stderr.text()).toMatch(/No recall of nowhere: /);
  });

  it('write nothing, over one connection', async () => {
    const { until } = await exporter(url('monitor'));
    await until(/^pgvtune_up 1$/m);
    const [row] = await admin.query<{ count: string; written: boolean }>(
      `SELECT count(*), bool_or(backend_xid IS NOT NULL) AS written FROM pg_stat_activity WHERE application_name LIKE 'pgvtune/metrics/%'`,
    );
    expect(row).toEqual({ count: '1', written: false });
  });

  it('survive a server that goes away and comes back, and connect again', async () => {
    const socket = join(folder, '.s.PGSQL.5432');
    const first = await frozenProxy(socket);
    const { port } = first;
    const { until, io } = await exporter(`postgres://monitor@127.0.0.1:${port}/postgres?sslmode=disable`);
    await until(/^pgvtune_up 1$/m);
    await first.close();
    const blind = await until(/^pgvtune_blind\{reason="unreachable"\} 1$/m);
    expect(blind).toMatch(/^pgvtune_last_success_timestamp_seconds \d/m);
    expect(blind).not.toMatch(/^pgvtune_(table|server_info|ann)/m);
    const second = await frozenProxy(socket, port);
    stops.push(() => second.close());
    const page = await until(/^pgvtune_up 1$/m);
    expect(valueOf(page, 'pgvtune_connections_total')).toBe(2);
    expect(io.stderr.text().match(/ Sees 127/g)).toHaveLength(2);
  });

  it('go on after their backend was terminated', async () => {
    const { until } = await exporter(url('monitor'));
    await until(/^pgvtune_up 1$/m);
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pgvtune/metrics/%'`,
    );
    const page = await until(/^pgvtune_connections_total 2$/m);
    expect(page).toMatch(/^pgvtune_failed_looks_total\{reason="connection-lost"\} 1$/m);
  });
});

describe.skipIf(lacksPromtool)('the recipes of monitoring', () => {
  it('have alert rules of which each fires when it should, and not otherwise', () => {
    const run = spawnSync('promtool', ['test', 'rules', 'pgvtune-server.rules.test.yml'], {
      cwd: 'docs/recipes',
      encoding: 'utf8',
    });
    expect(run, run.stdout).toMatchObject({ status: 0 });
    const rules = readFileSync('docs/recipes/pgvtune-server.rules.yml', 'utf8').match(/(?<=alert: )\w+/g)!;
    const tests = readFileSync('docs/recipes/pgvtune-server.rules.test.yml', 'utf8');
    const firing = new Set(tests.match(/(?<=alertname: )\w+(?=\n\s+exp_alerts:\n)/g));
    const silent = new Set(tests.match(/(?<=alertname: )\w+(?=, exp_alerts: \[\])/g));
    expect(rules.filter((rule) => !firing.has(rule) || !silent.has(rule))).toEqual([]);
  });

  it('have a dashboard whose every expression Prometheus takes', () => {
    const expressions = dashboardExpressions();
    expect(expressions.length).toBeGreaterThan(30);
    const rules = expressions.map((expr, i) => ({ record: `r${i}`, expr }));
    const file = join(directory.path, 'rules.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'all', rules }] }));
    execFileSync('promtool', ['check', 'rules', file], { stdio: 'pipe' });
  });
});
