import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSession } from '../../src/postgres/connect.js';
import type { Session } from '../../src/postgres/index.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { type Cluster, firstSession, startCluster } from '../support/cluster.js';
import { clusteredVectors, insertVectors } from '../support/live-tables.js';
import { hasLocal } from '../support/servers.js';

const SEARCH = `SELECT id FROM app.items WHERE tenant = $2 AND note <> $3 ORDER BY embedding <-> $1 LIMIT $4`;
const QUERIES = 30;

/** What an application asked is in the log of a real server, and is what is measured. */
describe.runIf(await hasLocal())('--params-from', () => {
  let cluster: Cluster;
  let directory: ReturnType<typeof workingDirectory>;
  let url: string;
  const logOf = (end: string): string => {
    const folder = join(cluster.folder, 'data', 'log');
    return join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(`.${end}`))!,
    );
  };

  beforeAll(async () => {
    directory = workingDirectory();
    writeFileSync(join(directory.path, 'search.sql'), `${SEARCH};\n`);
    cluster = await startCluster({
      logging_collector: 'on',
      log_destination: 'stderr,csvlog,jsonlog',
      log_filename: 'server.log',
      log_line_prefix: '%m [%p] db=%d ',
      log_min_duration_statement: '0',
    });
    url = `postgres://postgres@/postgres?host=${cluster.folder}`;
    const admin = await firstSession(cluster);
    await admin.query(`CREATE EXTENSION vector; CREATE SCHEMA app;
      CREATE TABLE app.items (id int PRIMARY KEY, tenant int, embedding vector(8), note text DEFAULT '')`);
    await insertVectors(admin, 'app.items', clusteredVectors(1000, 8, 'rows'));
    // A tenant with fewer vectors than the LIMIT, and rows without one.
    await admin.query(
      'INSERT INTO app.items SELECT 2000 + n, 99, CASE WHEN n < 4 THEN embedding END FROM generate_series(1, 9) AS n JOIN app.items ON id = n',
    );
    await admin.query('CREATE INDEX ON app.items USING hnsw (embedding vector_l2_ops)');
    await admin.query('ANALYZE app.items');
    await admin.close();
    chmodSync(join(cluster.folder, 'data'), 0o755);
    await ask();
  });
  afterAll(async () => {
    await cluster?.stop();
    directory.remove();
  });

  /** Tenant 3 alone, which no random row would show; one in three with constants. */
  async function ask(): Promise<void> {
    const app: Session = await openSession({
      target: { host: cluster.folder, port: 5432, user: 'postgres', database: 'postgres', tls: false },
      applicationName: 'shop',
    });
    for (let i = 0; i < QUERIES; i++) {
      const vector = `[${Array.from({ length: 8 }, (_, d) => Math.sin(i * 8 + d).toFixed(3)).join(',')}]`;
      const text =
        i % 3 === 0
          ? SEARCH.replace('$1', `'${vector}'::vector`).replace('$2', '3').replace('$3', `'it''s'`).replace('$4', '7')
          : SEARCH;
      await app.query(text, i % 3 === 0 ? [] : [vector, i === 1 ? '99' : '3', "it's", '7']);
    }
    await app.query(
      'SELECT id FROM app.items ORDER BY embedding <-> (SELECT embedding FROM app.items LIMIT 1) LIMIT 3',
    );
    await app.close();
  }

  it.each(['csv', 'json', 'log'])('measures what was asked (%s)', async (end) => {
    const argv = [
      'recall',
      '--server',
      url,
      '--table',
      'app.items',
      '--sql',
      'search.sql',
      '--params-from',
      logOf(end),
    ];
    const { code, stdout, stderr } = await pgvtune(directory.path, ...argv, '--json');
    expect(code, stderr).toBeLessThan(2);
    const { asked, measured, plan } = JSON.parse(stdout);
    expect(asked).toMatchObject({ k: 7, queries: 'log' });
    expect(plan.plans.reduce((sum: number, { queries }: { queries: number }) => sum + queries, 0)).toBe(QUERIES);
    if (measured) expect(measured.recall.queries).toBe(QUERIES);
  });

  it('tunes for what was asked, and says so', async () => {
    const config = {
      server: 'local',
      target: { recall: 0.5 },
      measure: { queries: 20 },
      indexes: [{ ivfflat: { lists: [4], probes: [4] } }],
    };
    writeFileSync(join(directory.path, 'pgvtune.yaml'), JSON.stringify(config));
    const argv = ['tune', 'pgvtune.yaml', '--table', 'app.items', '--server', url, '--sql', 'search.sql'];
    const { code, stderr } = await pgvtune(directory.path, ...argv, '--name', 'asked', '--params-from', logOf('csv'));
    expect([0, 3], stderr).toContain(code);
    const report = readFileSync(join(directory.path, 'results', 'asked', 'vector_optimization.md'), 'utf8');
    expect(report).toContain("- $2: of the executions in the server's log");
    expect(report).toContain('- $4: 7, as given');
    // What an application sent is shown nowhere.
    expect(report).not.toContain("it's");
  });

  it.each([
    [['--params-from', 'none.csv'], 'none.csv'],
    [['--log-line-prefix', '%m'], '--log-line-prefix needs a log'],
    [['--params-from', 'search.sql', '--query-table', 'app.items'], '--params-from and --query-table both say'],
    [['--params-from', 'search.sql'], 'search.sql is neither csvlog nor jsonlog'],
  ])('refuses %j', async (argv, message) => {
    const asked = ['recall', '--server', url, '--table', 'app.items', '--sql', 'search.sql'];
    expect(await pgvtune(directory.path, ...asked, ...argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message),
    });
  });

  it('says that a log has no execution of the statement', async () => {
    writeFileSync(join(directory.path, 'other.sql'), SEARCH.replace('note <>', 'note ='));
    const asked = ['recall', '--server', url, '--table', 'app.items', '--sql', 'other.sql'];
    expect(await pgvtune(directory.path, ...asked, '--params-from', logOf('csv'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/None of \d+ executions in the log is of the statement/),
    });
  });
});
