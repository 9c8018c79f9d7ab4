import pc from 'picocolors';
import { recallReport } from '../../src/cli/commands/recall/print.js';
import type { LiveRecall } from '../../src/live/index.js';
import { pgvtune, workingDirectory } from './command-line.js';
import { clusteredVectors, insertVectors } from './live-tables.js';
import { open, socketFolder } from './servers.js';

/** A live table that `recall` was asked about, and what it found. */
export interface RecallRecording {
  readonly target: number | null;
  readonly report: LiveRecall;
}

export interface RecallCase {
  readonly name: string;
  readonly table: string;
  readonly target: number | null;
  readonly argv: readonly string[];
}

export const recallCases: readonly RecallCase[] = [
  { name: 'recall', table: 'items', target: 0.9, argv: ['--set', 'hnsw.ef_search=15', '--where', 'tenant < 8'] },
  { name: 'recall-without-index', table: 'plain', target: null, argv: [] },
];

/** Measures a case on a server with two tables, one of them without an index. */
export async function recordRecall({ table, target, argv }: RecallCase): Promise<RecallRecording> {
  const server = await open('local');
  const directory = workingDirectory();
  try {
    const admin = await server.connect('admin');
    for (const name of ['items', 'plain']) {
      await admin.query(`CREATE TABLE ${name} (id int PRIMARY KEY, tenant int, embedding vector(16))`);
      await insertVectors(admin, name, clusteredVectors(3000, 16, 'rows'));
    }
    await admin.query('CREATE INDEX items_embedding ON items USING hnsw (embedding vector_cosine_ops)');
    await admin.query('VACUUM (ANALYZE) items');
    await admin.query('VACUUM (ANALYZE) plain');
    const url = `postgres://postgres@/postgres?host=${await socketFolder(server)}`;
    const asked = ['--server', url, '--table', table, '--queries', '100', '--json', ...argv];
    const { stdout, stderr } = await pgvtune(
      directory.path,
      'recall',
      ...asked,
      ...(target === null ? [] : ['--recall', String(target)]),
    );
    if (stdout === '') throw new Error(stderr);
    const {
      server: { label: _, ...facts },
      ...report
    } = JSON.parse(stdout);
    return { target, report: { ...report, server: facts } };
  } finally {
    directory.remove();
    await server.stop();
  }
}

/** What a person reads. */
export const recordedRecallText = ({ report, target }: RecallRecording): string =>
  recallReport(report, { server: 'db.example/app', target: target ?? undefined, paint: pc.createColors(false) });
