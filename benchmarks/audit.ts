/*
 * How long does the audit of a database take? A private local server with so many tables, each with a foreign key, six
 * columns, four indexes and rows, every twentieth with vectors, and as many statements as pg_stat_statements keeps.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/audit.js [tables=200] [statements=4500] [repeats=5]
 */
import { performance } from 'node:perf_hooks';
import { auditDatabase } from '../src/audit/index.js';
import { isUnread } from '../src/findings.js';
import { takeDatabaseSnapshot } from '../src/live/index.js';
import { openServer, type Session } from '../src/postgres/index.js';
import { AUDIT_DOCUMENTS, auditDocument, type AuditDocumentId, auditTextsIn } from '../src/reports/index.js';
import { firstSession, startCluster } from '../test/support/cluster.js';

const [tables = 200, statements = 4500, repeats = 5] = process.argv.slice(2).map(Number);
const ROWS = 500;
const VECTORS = 20;
const COLUMNS = ['id', 'parent', 'name', 'state', 'amount'];

async function fill(session: Session): Promise<void> {
  await session.query('CREATE EXTENSION vector');
  await session.query('CREATE EXTENSION pg_stat_statements');
  await session.query('SELECT setseed(0.5)');
  for (let i = 0; i < tables; i++) {
    const parent = i === 0 ? '' : ` REFERENCES table_${i - 1}`;
    const vector = i % VECTORS === 0 ? ', embedding vector(32)' : '';
    await session.query(
      `CREATE TABLE table_${i} (id int PRIMARY KEY, parent int${parent}, name text, state text, amount numeric, created timestamptz${vector})`,
    );
    const values = i % VECTORS === 0 ? `, (SELECT array_agg(sin(n * d)) FROM generate_series(1, 32) AS d)::vector` : '';
    await session.query(
      `INSERT INTO table_${i} SELECT n, n, 'name ' || n, 'state ' || n % 5, n, now()${values} FROM generate_series(1, ${ROWS}) AS n`,
    );
    for (const column of ['parent', 'name', 'created']) await session.query(`CREATE INDEX ON table_${i} (${column})`);
    if (vector) await session.query(`CREATE INDEX ON table_${i} USING hnsw (embedding vector_cosine_ops)`);
  }
  await session.query('ANALYZE');
  // Statements that differ in names alone count as one.
  for (let i = 0; i < statements; i++) {
    const round = Math.floor(i / tables);
    const table = `table_${i % tables}`;
    const columns = COLUMNS.filter((_, column) => ((round + 1) >> column) % 2 === 1).join(', ');
    await (i % VECTORS === 0
      ? session.query(
          `SELECT ${columns} FROM ${table} ORDER BY embedding <=> (SELECT embedding FROM ${table} WHERE id = 1) LIMIT 10`,
        )
      : session.query(`SELECT ${columns} FROM ${table} WHERE ${COLUMNS[round % COLUMNS.length]}::text = $1`, ['1']));
  }
}

const cluster = await startCluster({ shared_preload_libraries: 'pg_stat_statements' });
try {
  const session = await firstSession(cluster);
  await fill(session);
  await session.close();
  const server = await openServer(`postgres://postgres@/postgres?host=${cluster.folder}`, {
    run: 'benchmark',
    signal: new AbortController().signal,
    note: () => undefined,
    asIs: true,
  });
  const { statements: kept } = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
  console.log(`${tables} tables, ${isUnread(kept) ? 0 : kept.statements.length} statements\n`);
  console.log('| | read the database, s | check, s | write the documents, s | all, s | CPU of the program, s |');
  console.log('| --: | --: | --: | --: | --: | --: |');
  for (let i = 0; i < repeats; i++) {
    const cpu = process.cpuUsage();
    const start = performance.now();
    const facts = await takeDatabaseSnapshot(server, { deadlineMs: 30_000 });
    const read = performance.now();
    const audit = auditDatabase(facts);
    const checked = performance.now();
    const report = { server: facts.server, facts, audit, texts: auditTextsIn('en') };
    for (const id of Object.keys(AUDIT_DOCUMENTS) as AuditDocumentId[]) auditDocument(id, report);
    const end = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    const seconds = [read - start, checked - read, end - checked, end - start].map((ms) => (ms / 1000).toFixed(2));
    console.log(`| ${i + 1} | ${seconds.join(' | ')} | ${((user + system) / 1e6).toFixed(2)} |`);
  }
  await server.stop();
} finally {
  await cluster.stop();
}
