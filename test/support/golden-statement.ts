import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { printStatement, statementExit } from '../../src/cli/commands/tune/statement-print.js';
import { type Config, expandIndexes } from '../../src/config/index.js';
import { writeReports } from '../../src/reports/index.js';
import { createRun, type JournalRecord, readRun, type RunManifest } from '../../src/results/index.js';
import { tuneStatement } from '../../src/tune/index.js';
import { capturingIo, pgvtune, workingDirectory } from './command-line.js';
import { clusteredVectors, insertVectors } from './live-tables.js';
import { CLIENT, keptAs } from './golden-run.js';
import { replay } from './recording.js';
import { open, socketFolder } from './servers.js';
import { answer } from './synthetic-bench.js';

/** A statement that `tune --sql` was asked about, and what it measured. */
export interface StatementRecording {
  readonly manifest: RunManifest;
  readonly records: readonly JournalRecord[];
}

export interface StatementCase {
  readonly name: string;
  readonly sql: string;
  readonly config: object;
  readonly argv: readonly string[];
}

const INDEXES = [
  { hnsw: { m: [8], ef_construction: [32], ef_search: [10, 40] } },
  { ivfflat: { lists: [30], probes: [2, 8] } },
];

export const statementCases: readonly StatementCase[] = [
  {
    name: 'statement',
    sql: `SELECT c.id, d.lang FROM shop.chunks c JOIN shop.docs d ON d.id = c.tenant
 WHERE d.lang = $2 AND c.tenant >= $4
 ORDER BY c.embedding <-> $1 LIMIT $3 -- six`,
    config: { target: { recall: 0.8, confidence: 0.9 }, measure: { queries: 100 }, indexes: INDEXES },
    argv: ['--param', '3=6'],
  },
  {
    name: 'statement-not-reached',
    sql: 'SELECT id FROM shop.chunks ORDER BY embedding <-> $1 LIMIT 40',
    config: {
      target: { recall: 0.999 },
      measure: { queries: 20 },
      indexes: [{ ivfflat: { lists: [30], probes: [1] } }],
    },
    argv: [],
  },
];

/** Measures a case on a server with two tables, of one of which the run gets a sample. */
export async function recordStatement({ name, sql, config, argv }: StatementCase): Promise<StatementRecording> {
  const server = await open('local');
  const directory = workingDirectory();
  try {
    const admin = await server.connect('admin');
    await admin.query(`
      CREATE SCHEMA shop; CREATE TABLE shop.docs (id int PRIMARY KEY, lang text);
      INSERT INTO shop.docs SELECT i, (ARRAY['de', 'en'])[1 + i % 2] FROM generate_series(0, 9) AS i;
      CREATE TABLE shop.chunks (id varchar(20) PRIMARY KEY, tenant int, embedding vector(16))`);
    await insertVectors(admin, 'shop.chunks', clusteredVectors(3000, 16, 'rows'));
    await admin.query('ANALYZE shop.chunks, shop.docs');
    const url = `postgres://postgres@/postgres?host=${await socketFolder(server)}`;
    const dataset = { table: 'shop.chunks', server: url, rows: 2500 };
    writeFileSync(join(directory.path, 'pgvtune.yaml'), JSON.stringify({ server: 'local', dataset, ...config }));
    writeFileSync(join(directory.path, 'search.sql'), sql);
    const asked = ['tune', 'pgvtune.yaml', '--sql', 'search.sql', '--name', name, ...argv];
    const { stderr } = await pgvtune(directory.path, ...asked);
    const { manifest, records } = readRun(join(directory.path, 'results'), name);
    if (records.every(({ type }) => type !== 'answer')) throw new Error(stderr);
    return { manifest: withoutMachine(manifest), records: records.filter(({ type }) => type !== 'answer') };
  } finally {
    directory.remove();
    await server.stop();
  }
}

/** Where it was recorded is nobody's business. */
function withoutMachine(manifest: RunManifest): RunManifest {
  const config = manifest.config as Config;
  const dataset = { table: 'shop.chunks', server: 'env' };
  return {
    ...manifest,
    startedAt: '2026-01-01T00:00:00.000Z',
    client: CLIENT,
    config: { ...config, dataset },
    server: { ...manifest.server, label: 'PostgreSQL 15 (local)', settings: {} },
  };
}

export function writeStatementRecording(path: string, { manifest, records }: StatementRecording): void {
  writeFileSync(
    path,
    gzipSync([manifest, ...records].map((line) => `${JSON.stringify(line)}\n`).join(''), { level: 9 }),
  );
}

export function readStatementRecording(path: string): StatementRecording {
  const [manifest = '', ...records] = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split('\n');
  return { manifest: JSON.parse(manifest), records: records.map((line) => JSON.parse(line)) };
}

/** Makes a case's answer and reports with the code of today, in both languages: contents by name of file. */
export async function replayStatement(
  { name }: StatementCase,
  { manifest, records }: StatementRecording,
  folder: string,
): Promise<ReadonlyMap<string, string>> {
  const { statement: subject, metric, target, dataset, server } = manifest;
  const config = manifest.config as Config;
  const { reply, journal } = replay(records, name);
  const found = answer(
    tuneStatement(
      { subject: subject!, metric, rows: dataset.rows, pgvector: server.pgvector, indexes: expandIndexes(config) },
      { target: target!, queries: config.measure.queries },
    ),
    reply,
  );
  const run = createRun(join(folder, 'results'), manifest);
  for (const record of journal()) run.journal.append(record);
  run.journal.append({ type: 'answer', key: 'answer', finishedAt: manifest.startedAt, answer: found });
  run.close();
  const files = readRun(join(folder, 'results'), name);
  const contentsOf = (kept: string, paths: readonly string[]) =>
    paths.map((path) => [keptAs(kept, path), readFileSync(path, 'utf8')] as const);
  const reports = await writeReports(files);
  const russian = join(folder, `${name}-ru`);
  mkdirSync(russian, { recursive: true });
  const io = capturingIo(folder);
  const outcome = { run: name, folder: run.folder, answer: found, files, reports };
  printStatement(outcome, { color: false }, io);
  return new Map([
    [`${name}.txt`, `${io.stdout.text()}\nexit code ${statementExit(outcome)}\n`],
    ...contentsOf(name, reports),
    ...contentsOf(`${name}.ru`, await writeReports({ ...files, folder: russian }, { language: 'ru' })),
  ]);
}
