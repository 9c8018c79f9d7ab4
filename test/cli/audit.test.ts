import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { CHECK_NUMBERS } from '../../src/audit/index.js';
import { findLocal } from '../../src/postgres/servers/local.js';
import { pgvtune, workingDirectory } from '../support/command-line.js';
import { hasLocal, sharedServer, socketFolder } from '../support/servers.js';

let directory: ReturnType<typeof workingDirectory>;
beforeAll(() => {
  directory = workingDirectory();
});
afterAll(() => directory.remove());

const audit = (...argv: string[]) => pgvtune(directory.path, 'audit', ...argv);

/** The servers of tests have settings that nobody would have in production. */
const WITHOUT_SERVER = ['--skip', 'server,monitoring'];

describe('audit without a server', () => {
  it('lists its checks, each with a number of its own', async () => {
    const { code, stdout } = await audit('--list');
    expect(code).toBe(0);
    const numbers = Object.values(CHECK_NUMBERS);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(stdout).toMatch(new RegExp(`^${number}  (high|medium|low|info) `, 'm'));
  });

  it('lists a selection, as JSON', async () => {
    const { stdout } = await audit(
      '--list',
      '--json',
      '--only',
      'indexes',
      '--skip',
      'IDX-004',
      '--skip',
      'invalid-index',
    );
    const ids = JSON.parse(stdout).checks.map(({ id }: { id: string }) => id);
    expect(ids).toContain('duplicate-index');
    expect(ids).not.toContain('unused-index');
    expect(ids).not.toContain('invalid-index');
  });

  it.each([
    [['--only', 'IDX-999', '--list'], /There is no check "IDX-999"/],
    [['--only', 'IDX-001', '--skip', 'indexes', '--list'], /leaves no check/],
    [[], /audit needs a server/],
    [['snapshot', '--server', 'env'], /required option '--out <file>'/],
    [['snapshot', '--out', 'x.json'], /audit needs a server/],
    [['--server', 'embedded'], /would start empty/],
    [['--server', 'postgres://u@h/d', '--fail-on', 'worst'], /Allowed choices are high, medium, low, info, never/],
    [['--server', 'postgres://u@h/d', '--measure', 'size'], /Allowed choices are recall, tune/],
    [['--server', 'postgres://u@h/d', '--budget', '1min'], /--budget is for --measure tune/],
    [['--server', 'postgres://u@h/d', '--measure', '--budget', 'soon'], /Expected a time such as "10min"/],
    [['--server', 'postgres://u@h/d', '--deadline', 'soon'], /Expected a duration/],
    [['--server', 'postgres://u@h/d', '--log', 'nowhere.csv'], /nowhere\.csv cannot be read/],
    [['--server', 'postgres://u@h/d', '--log', '.'], /is no file/],
    [['--server', 'postgres://u@h/d', '--log-line-prefix', '%m '], /--log-line-prefix needs a log/],
  ])('refuses %j', async (argv, message) => {
    const { code, stderr } = await audit(...argv);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe.runIf(await hasLocal())('audit of a server', () => {
  const cluster = sharedServer('local');
  let url: (role: string, database: string) => string;

  beforeAll(async () => {
    const folder = await socketFolder(cluster());
    url = (role, database) => `postgres://${role}@/${database}?host=${folder}`;
    const admin = await cluster().connect('admin');
    for (const statement of [
      'CREATE ROLE monitor LOGIN IN ROLE pg_monitor, pg_read_all_data',
      'CREATE ROLE weak LOGIN',
      'CREATE DATABASE shop',
      'CREATE DATABASE clean',
    ]) {
      await admin.query(statement);
    }
    await admin.close();
    await psql(
      'shop',
      `CREATE TABLE customers (id int PRIMARY KEY);
       CREATE TABLE "or\`\`\`ders
-- x" (id int PRIMARY KEY, customer int REFERENCES customers, total int);
       CREATE INDEX "a\`\`\`
; SELECT 1/0; --" ON "or\`\`\`ders
-- x" (total);
       CREATE INDEX b ON "or\`\`\`ders
-- x" (total);
       UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'b'::regclass;`,
    );
    await psql('clean', 'CREATE TABLE customers (id int PRIMARY KEY)');
  });

  /** Runs a script as a user does. */
  async function psql(database: string, script: string): Promise<void> {
    const { folder } = (await findLocal())!;
    const socket = await socketFolder(cluster());
    const options = ['-X', '-v', 'ON_ERROR_STOP=1', '-h', socket, '-U', 'postgres', '-d', database];
    const child = promisify(execFile)(join(folder, 'psql'), [...options, '-f', '-']);
    child.child.stdin!.end(script);
    await child;
  }

  it('finds nothing in a clean database, and exits with 0', async () => {
    const { code, stdout, stderr } = await audit(
      '--server',
      url('monitor', 'clean'),
      '--no-color',
      '--fail-on',
      'info',
      ...WITHOUT_SERVER,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Database clean on .*PostgreSQL \d+.*\nNo findings\.\nNot checked:\n/);
    expect(stdout).toMatch(/^ {2}slow-statement, .*: pg_stat_statements is not installed in this database$/m);
    expect(stdout).toMatch(/^ {2}pgvector-defect, .*: this database has no pgvector$/m);
  });

  it('reports findings with everything they carry, and exits by their severity', async () => {
    const { code, stdout } = await audit('--server', url('monitor', 'shop'), '--json', ...WITHOUT_SERVER);
    expect(code).toBe(1);
    const report = JSON.parse(stdout);
    expect(DOCUMENTS.audit.safeParse(report).error).toBeUndefined();
    expect(report.server).toMatchObject({ database: 'shop', role: 'monitor', managedBy: null });
    expect(report.findings.map(({ number }: { number: string }) => number)).toEqual(['IDX-006', 'IDX-007']);
    for (const finding of report.findings) {
      expect(finding).toMatchObject({
        key: `${finding.code}:${finding.object}`,
        confidence: expect.stringMatching(/^(high|medium|low)$/),
        evidence: expect.stringMatching(/^SELECT /),
        window: { from: null, until: report.server.takenAt },
        remedy: { statements: [expect.any(String)], lock: { mode: 'SHARE UPDATE EXCLUSIVE' } },
        text: { says: expect.any(String), effect: expect.any(String), doubt: expect.any(String) },
      });
    }
    expect((await audit('--server', url('monitor', 'shop'), '--only', 'IDX-007')).code).toBe(0);
    expect((await audit('--server', url('monitor', 'shop'), '--fail-on', 'never')).code).toBe(0);
  });

  it('says what a weak role could not see', async () => {
    const { stdout } = await audit('--server', url('weak', 'shop'), '--no-color', ...WITHOUT_SERVER);
    expect(stdout).toMatch(/^ {2}invalid-index: the role may not see .*pg_monitor/m);
  });

  it('writes documents and a script that mends what it can, whatever the names are, as often as one likes', async () => {
    const out = join(directory.path, 'docs');
    const { stdout } = await audit(
      '--server',
      url('monitor', 'shop'),
      '--out',
      'docs',
      '--no-color',
      ...WITHOUT_SERVER,
    );
    const script = join(directory.path, 'scripts/db_optimization.sql');
    for (const path of [join(out, 'db/performance_audit.md'), join(out, 'db/index_strategy.md'), script]) {
      expect(stdout).toContain(path);
      expect(existsSync(path)).toBe(true);
    }
    const pool = readFileSync(join(out, 'db/pool.md'), 'utf8');
    expect(pool).toMatch(/^\d+ backends? for an average load of [\d.e-]+ busy backends/m);
    expect(pool).toContain('new Pool({ max: ');
    const overview = readFileSync(join(out, 'db/performance_audit.md'), 'utf8');
    expect(overview.indexOf('## Top actions')).toBeLessThan(overview.indexOf('## Findings by severity'));
    expect(overview).toContain('| high | [IDX-006](index_strategy.md) | Invalid index |');
    const details = readFileSync(join(out, 'db/index_strategy.md'), 'utf8');
    expect(details).toMatch(/^### IDX-006 Invalid index: public\.or/m);
    // A name neither ends a block of code nor becomes a line of its own.
    expect(details).not.toMatch(/^(; SELECT|-- x)/m);
    expect(stdout).not.toMatch(/^(; SELECT|-- x)/m);
    await psql('shop', readFileSync(script, 'utf8'));
    await psql('shop', readFileSync(script, 'utf8'));
    const { stdout: after } = await audit('--server', url('monitor', 'shop'), '--json', ...WITHOUT_SERVER);
    // The rebuilt index turns out to be a duplicate: dropping it is for somebody to decide.
    expect(JSON.parse(after).findings.map(({ code }: { code: string }) => code)).toEqual(['duplicate-index']);
  });

  it('judges counters over a window that it began itself, and reports only what is new', async () => {
    const counters = join(directory.path, 'monday.json');
    const taken = await audit('snapshot', '--server', url('monitor', 'shop'), '--out', counters, '--json');
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    const { takenAt } = JSON.parse(taken.stdout);
    const { stdout } = await audit(
      '--server',
      url('monitor', 'shop'),
      '--since',
      counters,
      '--json',
      '--fail-on',
      'never',
    );
    expect(JSON.parse(stdout).server.statisticsResetAt).toBe(takenAt);
    const baseline = join(directory.path, 'baseline.json');
    writeFileSync(baseline, stdout);
    const again = await audit(
      '--server',
      url('monitor', 'shop'),
      '--baseline',
      baseline,
      '--fail-on',
      'info',
      '--no-color',
    );
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('\nNo findings.\n');
  });

  it("reads the server's log as well, with the prefix that is given", async () => {
    const line = (ms: number, text: string): string =>
      `2026-11-29 23:05:00.${String(ms).padStart(3, '0')} UTC|42|LOG:  duration: 1.000 ms  statement: ${text}`;
    const loop = Array.from({ length: 20 }, (_, i) => `SELECT * FROM customers WHERE id = ${i} AND 'opensesame' <> ''`);
    writeFileSync(join(directory.path, 'server.log'), ['BEGIN', ...loop].map((text, i) => line(i, text)).join('\n'));
    const argv = ['--server', url('monitor', 'shop'), '--only', 'query-in-loop', '--log', 'server.log'];
    const wrong = await audit(...argv, '--log-line-prefix', '%m [%p] ');
    expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 2, stdout: '' });
    expect(wrong.stderr).toMatch(/none of its first lines begins with the log_line_prefix '%m \[%p\] '/);
    const { code, stdout } = await audit(...argv, '--log-line-prefix', '%m|%p|', '--no-color', '--fail-on', 'medium');
    expect(code).toBe(1);
    expect(stdout).toMatch(/N1-002 A query in a loop: SELECT \* FROM customers WHERE id = \$1 AND \$2 <> \$3 \(/);
    expect(stdout).not.toContain('opensesame');
    expect((await audit(...argv.slice(0, 4), '--no-color')).stdout).toMatch(
      /query-in-loop: no log of the server was given/,
    );
  });

  it.each(['--since', '--baseline'])('refuses a file for %s that is not what it should be', async (option) => {
    const file = join(directory.path, 'other.json');
    writeFileSync(file, '{"findings": 1}');
    const { code, stderr } = await audit('--server', url('monitor', 'shop'), option, file);
    expect(code).toBe(2);
    expect(stderr).toMatch(/is not such a document/);
    expect((await audit('--server', url('monitor', 'shop'), option, 'nowhere.json')).code).toBe(2);
  });

  it('writes SARIF, and a hand-over record with its headings', async () => {
    const sarif = join(directory.path, 'audit.sarif');
    const argv = [
      '--server',
      url('monitor', 'shop'),
      '--sarif',
      sarif,
      '--html',
      'audit.html',
      '--record',
      'tasks',
      '--json',
      '--fail-on',
      'never',
    ];
    const { findings, written } = JSON.parse((await audit(...argv)).stdout);
    const [run] = JSON.parse(readFileSync(sarif, 'utf8')).runs;
    expect(run.results).toHaveLength(findings.length);
    expect(run.results[0]).toMatchObject({
      ruleId: findings[0].number,
      level: 'error',
      partialFingerprints: { 'pgvtune/v1': findings[0].key },
    });
    const [, page, record] = written;
    expect(readFileSync(page, 'utf8')).toContain('<details id="finding-1">');
    expect(record).toMatch(/tasks\/task_\d{8}_\d{6}\.data$/);
    const lines = readFileSync(record, 'utf8').split('\n');
    expect(lines.filter((line) => /^[А-Я]|^PERFORMANCE/.test(line))).toEqual([
      'ДАТА',
      'СТАТУС',
      'ЗАДАЧА',
      'PERFORMANCE АНАЛИЗ',
      'ОПТИМИЗАЦИИ',
      'ВЛИЯНИЕ НА СИСТЕМУ',
      'РЕКОМЕНДАЦИИ',
    ]);
    for (const heading of [
      'Slow queries:',
      'N+1:',
      'Indexes:',
      'Query performance:',
      'Index strategy:',
      'Connection pooling:',
      'API performance:',
      'Frontend:',
      'AI/RAG:',
      'db-migrations:',
      'api-contract:',
    ]) {
      expect(lines).toContain(heading);
    }
  });

  it('writes the same in Russian', async () => {
    const argv = ['--server', url('monitor', 'shop'), '--out', 'ru/docs', '--lang', 'ru', '--fail-on', 'never'];
    const { code, stdout, stderr } = await audit(...argv, '--no-color', '--record', 'ru/tasks');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^База shop на /);
    const read = (path: string): string => readFileSync(join(directory.path, 'ru', path), 'utf8');
    expect(read('docs/db/performance_audit.md')).toMatch(/^# Аудит производительности\n/);
    expect(read('docs/db/pool.md')).toMatch(/^Пулы: веб-процесс/m);
    expect(read(join('tasks', readdirSync(join(directory.path, 'ru/tasks'))[0]!))).toMatch(/^- \[средняя\] IDX-001 /m);
    expect(read('docs/db/index_strategy.md')).toMatch(/^### IDX-001 Повторяющийся индекс: public/m);
    await psql('shop', read('scripts/db_optimization.sql'));
    expect((await audit('--list', '--lang', 'ru')).stdout).toMatch(/^IDX-006 .* Недействительный индекс$/m);
    expect((await audit('--list', '--lang', 'de')).code).toBe(2);
  });

  it('measures and tunes the indexes on vectors, and says which cannot be tuned', async () => {
    await psql(
      'clean',
      `CREATE EXTENSION vector;
       CREATE TABLE docs (id int, v vector(4));
       INSERT INTO docs SELECT i, ARRAY[sin(i), cos(i), sin(i * 2.3), cos(i * 3.7)]::real[]::vector FROM generate_series(1, 1000) AS i;
       CREATE INDEX docs_v ON docs USING hnsw (v vector_cosine_ops) WITH (m = 2, ef_construction = 4);
       CREATE TABLE few (v vector(4));
       CREATE INDEX few_v ON few USING hnsw (v vector_l2_ops);
       CREATE TABLE sparse (v sparsevec(4));
       CREATE INDEX sparse_v ON sparse USING hnsw (v sparsevec_l2_ops);
       ANALYZE`,
    );
    const argv = ['--server', url('monitor', 'clean'), '--only', 'VEC-027,VEC-028', '--out', 'tuned/docs'];
    const { code, stderr } = await audit(...argv, '--measure', '--budget', '2min');
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^Tuning 2 indexes on samples of up to 20,000 rows, .*: about 2 min at most/m);
    expect(stderr).toMatch(/^few_v is not tuned: /m);
    const report = readFileSync(join(directory.path, 'tuned/docs/db/vector_optimization.md'), 'utf8');
    const [measured, tuned] = report.slice(report.indexOf('## Measured recall')).split('## Tuned on samples');
    expect(measured).toMatch(/^\| `docs_v` +\| 0\.\d{4} \[0\.\d{4}, /m);
    const [, run] = /results\/([\w-]+-tune-docs)\b/.exec(tuned!)!;
    expect(existsSync(join(directory.path, 'results', run!, 'vector_optimization.md'))).toBe(true);
    // A scan of so few rows is as good as an index.
    expect(tuned).toMatch(/^\| `docs_v` +\| the sample is so small [^|]*\| +900 of 1,000 +\|/m);
    for (const index of ['few_v', 'sparse_v'])
      expect(tuned).toMatch(new RegExp(`^\\| \`${index}\` +\\| could not be`, 'm'));
  });

  it('exits with 4 where there is no such database', async () => {
    expect((await audit('--server', url('monitor', 'nowhere'))).code).toBe(4);
  });
});
