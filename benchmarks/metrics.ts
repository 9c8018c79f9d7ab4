/*
 * Memory of `pgvtune metrics` over many looks and scrapes of a server whose tables and statements come and go.
 *
 *   npm run build && npx tsc -p benchmarks && node dist-benchmarks/benchmarks/metrics.js [minutes=10]
 *
 * The command runs in a process of its own, looks every second, and is scraped all the time. Between scrapes a table is made and
 * dropped, a statement is asked that nobody asked before, and once a minute the command's backend is terminated.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Session } from '../src/postgres/index.js';
import { preloadingServer } from '../test/support/preloading-server.js';

const [minutes = 10] = process.argv.slice(2).map(Number);
/** Times that the memory is looked at. */
const STEPS = 10;

const server = await preloadingServer('pg_stat_statements');
try {
  const session = await server.connect('churn');
  await session.query('CREATE EXTENSION pg_stat_statements');
  const [place] = await session.query<{ folder: string }>(
    `SELECT split_part(current_setting('unix_socket_directories'), ',', 1) AS folder`,
  );
  const url = `postgres://postgres@/postgres?host=${place!.folder}`;
  const program = spawn(
    process.execPath,
    ['dist/cli/bin.js', 'metrics', '--server', url, '--listen', '127.0.0.1:0', '--every', '1s', '--quiet'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  try {
    const [line] = (await once(createInterface(program.stdout), 'line')) as [string];
    await watch(session, program.pid!, /http\S+/.exec(line)![0]);
  } finally {
    program.kill('SIGINT');
  }
  await session.close();
} finally {
  await server.stop();
}

async function watch(session: Session, pid: number, url: string): Promise<void> {
  console.log('| minute | scrapes | looks | connections | tables made | page | resident memory | most so far |');
  console.log('| -----: | ------: | ----: | ----------: | ----------: | ---: | --------------: | ----------: |');
  const start = performance.now();
  let [scrapes, made, terminated] = [0, 0, 0];
  for (let step = 1; step <= STEPS;) {
    const page = await (await fetch(url)).text();
    scrapes++;
    if (scrapes % 10 === 0) {
      made++;
      await session.query(`CREATE TABLE churn_${made} (x int); SELECT ${made} AS of_${made}; DROP TABLE churn_${made}`);
    }
    const minute = (performance.now() - start) / 60_000;
    if (minute >= terminated + 1) {
      terminated++;
      await session.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pgvtune/metrics/%'`,
      );
    }
    if (minute < (step * minutes) / STEPS) continue;
    step++;
    const figure = (name: string): string => new RegExp(`^pgvtune_${name} (\\d+)`, 'm').exec(page)?.[1] ?? '–';
    const cells = [
      minute.toFixed(1),
      scrapes,
      figure('looks_total'),
      figure('connections_total'),
      made,
      `${(page.length / 1024).toFixed(0)} kB`,
      memoryOf(pid, 'VmRSS'),
      memoryOf(pid, 'VmHWM'),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function memoryOf(pid: number, name: string): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const kilobytes = Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)![1]);
  return `${Math.round(kilobytes / 1024)} MB`;
}
