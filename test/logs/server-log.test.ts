import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditDatabase, type AuditFinding, databaseChecks, type DatabaseSnapshot } from '../../src/audit/index.js';
import { LANGUAGES } from '../../src/languages.js';
import { takeDatabaseSnapshot } from '../../src/live/index.js';
import { readStatementLog } from '../../src/logs/index.js';
import { openSession } from '../../src/postgres/connect.js';
import type { Session } from '../../src/postgres/index.js';
import { silentReporter } from '../../src/progress.js';
import { auditDocument, auditTextsIn } from '../../src/reports/index.js';
import { type Cluster, firstSession, startCluster } from '../support/cluster.js';
import { hasLocal, open } from '../support/servers.js';

const PREFIX = '%m [%p] %q%u@%d/%a %v ';
const FORMATS = ['csv', 'json', 'log'] as const;
const SECRET = 'opensesame';

const tags = (route: string, trace: number): string =>
  `/*password='${SECRET}',route='${encodeURIComponent(route)}',traceparent='00-${String(trace).padStart(32, '0')}-00f067aa0ba902b7-01'*/`;

async function workBadly(session: Session): Promise<void> {
  for (let user = 1; user <= 3; user++) {
    await session.query('BEGIN');
    await session.query('SELECT id FROM chats WHERE user_id = $1', [user]);
    for (let id = 1; id <= 10; id++) await session.query('SELECT body FROM messages WHERE chat_id = $1', [id]);
    await session.query('COMMIT');
  }
  for (let request = 1; request <= 4; request++) {
    const own = tags(`/users/${request}/chats?token=${SECRET}`, request);
    await session.query(`SELECT id, user_id FROM chats WHERE user_id = 7 ${own}`);
    for (let id = 1; id <= 6; id++)
      await session.query(`SELECT id\n  FROM messages WHERE chat_id = ${id} AND body <> '${SECRET}''x' ${own}`);
    for (let time = 1; time <= 5; time++) await session.query(`SELECT count(*) FROM users ${own}`);
  }
  await session.query('BEGIN');
  for (let id = 1; id <= 100; id++) await session.query('INSERT INTO messages VALUES ($1, 1, $2)', [id, SECRET]);
  await session.query('COMMIT');
  for (let time = 1; time <= 20; time++) await session.query(`SELECT pg_sleep(0.025), '${SECRET}' /* ${SECRET} */`);
  await session.query(`ALTER ROLE postgres PASSWORD '${SECRET}'`);
  await session.query(`PREPARE by_user AS SELECT id FROM chats WHERE user_id = $1 AND id > 5`);
  for (let user = 1; user <= 3; user++) await session.query(`EXECUTE by_user(${user})`);
}

async function workWell(session: Session): Promise<void> {
  for (let user = 1; user <= 30; user++) {
    await session.query('BEGIN');
    await session.query('SELECT id FROM chats WHERE user_id = $1', [user]);
    await session.query('SELECT body FROM messages WHERE chat_id = ANY($1::int[])', ['{1,2,3}']);
    await session.query('COMMIT');
  }
}

const SCHEMA = [
  'CREATE TABLE users (id int PRIMARY KEY)',
  'CREATE TABLE chats (id int PRIMARY KEY, user_id int)',
  'INSERT INTO chats SELECT i, i FROM generate_series(1, 10) AS i',
  'CREATE TABLE messages (id int PRIMARY KEY, chat_id int REFERENCES chats, body text)',
];
const CODES = ['query-in-loop', 'repeated-query', 'write-in-loop', 'slow-in-log'];

describe.runIf(await hasLocal())('the log that a server writes', () => {
  let cluster: Cluster;
  const logOf = (end: string): string => {
    const folder = join(cluster.folder, 'data', 'log');
    return join(
      folder,
      readdirSync(folder).find((name) => name.endsWith(`.${end}`))!,
    );
  };

  beforeAll(async () => {
    cluster = await startCluster({
      logging_collector: 'on',
      log_destination: 'stderr,csvlog,jsonlog',
      log_filename: 'server.log',
      log_line_prefix: PREFIX,
      log_min_duration_statement: '0',
      log_timezone: 'Europe/Moscow',
    });
    const admin = await firstSession(cluster);
    await admin.query('CREATE DATABASE bad');
    await admin.query('CREATE DATABASE good');
    await admin.close();
    chmodSync(join(cluster.folder, 'data'), 0o755);
    for (const [database, work] of [
      ['bad', workBadly],
      ['good', workWell],
    ] as const) {
      const app = await openSession({
        target: { host: cluster.folder, port: 5432, user: 'postgres', database, tls: false },
        applicationName: 'shop',
      });
      for (const statement of SCHEMA) await app.query(statement);
      await work(app);
      await app.close();
    }
  });
  afterAll(() => cluster?.stop());

  async function snapshotWith(end: (typeof FORMATS)[number], database: string): Promise<DatabaseSnapshot> {
    const server = await open(`postgres://postgres@/${database}?host=${cluster.folder}`, { asIs: true });
    const snapshot = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    await server.stop();
    const parts = await readStatementLog({
      paths: [logOf(end)],
      linePrefix: snapshot.settings['log_line_prefix']!,
      timeZone: snapshot.settings['log_timezone']!,
      database,
      signal: new AbortController().signal,
      reporter: silentReporter,
    });
    return { ...snapshot, ...parts };
  }
  const auditOf = (snapshot: DatabaseSnapshot) =>
    auditDatabase(
      snapshot,
      databaseChecks.filter(({ id }) => CODES.includes(id)),
    );
  const dataOf = (findings: readonly AuditFinding[], code: string) =>
    findings.filter((finding) => finding.code === code).map(({ data, confidence }) => ({ ...data, confidence }));

  it.each(FORMATS)('shows loops, repetitions and slow statements, with their routes (%s)', async (end) => {
    const snapshot = await snapshotWith(end, 'bad');
    const { findings, unchecked } = auditOf(snapshot);
    expect(unchecked).toEqual([]);
    expect(dataOf(findings, 'query-in-loop')).toEqual([
      expect.objectContaining({
        confidence: 'high',
        query: 'SELECT body FROM messages WHERE chat_id = $1',
        parent: 'SELECT id FROM chats WHERE user_id = $1',
        link: {
          foreignKey: 'messages_chat_id_fkey',
          childTable: 'public.messages',
          childColumn: 'chat_id',
          parentTable: 'public.chats',
          direction: 'to-many',
        },
        unit: 'transaction',
        units: 3,
        calls: 30,
        mostCalls: 10,
        routes: [],
        nearest: false,
      }),
      expect.objectContaining({
        confidence: 'high',
        query: 'SELECT id\n  FROM messages WHERE chat_id = $1 AND body <> $2',
        parent: 'SELECT id, user_id FROM chats WHERE user_id = $1',
        unit: 'trace',
        units: 4,
        calls: 24,
        mostCalls: 6,
        routes: [{ route: '/users/:id/chats', calls: 4 }],
      }),
    ]);
    expect(dataOf(findings, 'repeated-query')).toEqual([
      expect.objectContaining({ query: 'SELECT count(*) FROM users', unit: 'trace', units: 4, calls: 20 }),
    ]);
    expect(dataOf(findings, 'write-in-loop')).toEqual([
      expect.objectContaining({ query: 'INSERT INTO messages VALUES ($1, $3, $2)', units: 1, calls: 100 }),
    ]);
    expect(dataOf(findings, 'slow-in-log')).toEqual([
      expect.objectContaining({ query: 'SELECT pg_sleep($1), $2', calls: 20, routes: [] }),
    ]);
    const { log } = snapshot;
    expect(log).toMatchObject({ notParsed: 0, torn: 0 });
    expect(log).toMatchObject({
      statements: expect.arrayContaining([
        expect.objectContaining({ query: 'SELECT id FROM chats WHERE user_id = $1 AND id > $2', calls: 3 }),
      ]),
    });
    const [{ window } = { window: undefined }] = findings;
    expect(Math.abs(Date.parse(window!.until) - Date.parse(snapshot.server.takenAt))).toBeLessThan(600_000);
    const { file, line } = placeOf(findings.find(({ code }) => code === 'slow-in-log')!.evidence);
    const text = readFileSync(logOf(end), 'utf8');
    expect(text.split('\n')[line - 1]).toContain('pg_sleep');
    expect(file).toBe(`server.${end}`);
    // Nothing of a constant, a parameter or a comment is kept.
    expect(text).toContain(SECRET);
    expect(JSON.stringify({ snapshot, findings })).not.toContain(SECRET);
  });

  it.each(LANGUAGES)('is written down, with fixes of each library (%s)', async (language) => {
    const snapshot = await snapshotWith('csv', 'bad');
    const report = {
      server: snapshot.server,
      facts: snapshot,
      audit: auditOf(snapshot),
      texts: auditTextsIn(language),
    };
    const n1 = auditDocument('n1_queries_fixes', report);
    expect(n1).toContain('selectinload(Chat.messages)');
    expect(n1).toContain('/users/:id/chats');
    const slow = auditDocument('slow_queries_report', report);
    expect(slow).toContain('server.csv');
    expect(slow).toMatch(/^\|.*`SELECT pg_sleep\(\$1\), \$2` \|$/m);
    for (const page of [n1, slow]) expect(page).not.toMatch(/\bundefined\b|\bNaN\b|\[object /);
  });

  it('gives no finding of an application that loads rows of many parents at once', async () => {
    const { findings, unchecked } = auditOf(await snapshotWith('csv', 'good'));
    expect(unchecked).toEqual([]);
    expect(findings).toEqual([]);
  });
});

const placeOf = (evidence: string): { readonly file: string; readonly line: number } => {
  const [, file, line] = /^-- '(.*)':(\d+)$/.exec(evidence) ?? [];
  return { file: file!, line: Number(line) };
};
