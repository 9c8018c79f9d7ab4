/*
 * Does the client measure what the server can do? The same prepared statement over the same query vectors, sent as text,
 * through pgbench (C) and through pgvtune, in alternating rounds on one server: what happens to the machine happens to
 * both. The ratios are those of neighbouring rounds; of each the median is told with its 95 % interval (order
 * statistics), n is the number of rounds. Prints Markdown.
 *
 *   npx tsc -p bench && node dist-bench/bench/pgbench.js [ef_search=100] [rounds=30] [seconds=1]
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { estimateQuantiles } from '../src/analysis/index.js';
import { generateSchema } from '../src/config/index.js';
import { generateSource, importDataset } from '../src/datasets/index.js';
import { loadDataset } from '../src/experiment/load.js';
import { type Arm, type LoadSamples, measureLoad, monotonicClock, nullQuery, scanOf } from '../src/measure/index.js';
import { closedLoop } from '../src/measure/load/closed-loop.js';
import {
  literal,
  openServer,
  openWorkspace,
  readServerFacts,
  type Session,
  vectorText,
} from '../src/postgres/index.js';
import { silentReporter } from '../src/progress.js';

const run = promisify(execFile);

const [efSearch = '100', rounds = '30', seconds = '1'] = process.argv.slice(2);
const ROUNDS = Number(rounds);
const SECONDS = Number(seconds);
const CONNECTIONS = [1, 2, 4];
const DATA = { rows: 30_000, dimensions: 128, queries: 100 };
const K = 10;

/** What one side did in one round. */
interface Round {
  readonly ratePerSecond: number;
  readonly p50Ms: number;
}

const quantile = (values: readonly number[], p: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(p * values.length))] ?? Number.NaN;
const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The median of the rounds, its interval, and the range. */
function spread(values: readonly number[]): string {
  const ascending = values.toSorted((a, b) => a - b);
  const [found] = estimateQuantiles(ascending, [0.5]);
  const { value, low, high } = found?.estimate ?? { value: Number.NaN, low: null, high: null };
  const digits = (x: number | null | undefined): string => x?.toFixed(3) ?? '?';
  return `${digits(value)} [${digits(low)}, ${digits(high)}] (${digits(ascending[0])}–${digits(ascending.at(-1))})`;
}

/** Runs pgbench on one script a query vector, and reads the latency of every transaction from its log. */
async function pgbench(folder: string, scripts: readonly Script[], count: number): Promise<Round> {
  const logs = await mkdtemp(join(folder, 'log-'));
  const files = scripts.flatMap(({ file }) => ['-f', file]);
  const variables = scripts.flatMap(({ name, value }) => ['-D', `${name}=${value}`]);
  const args = ['-n', '-M', 'prepared', '-c', `${count}`, '-j', `${count}`, '-T', `${SECONDS}`, '-l'];
  const { stdout } = await run(
    'pgbench',
    [...args, '--log-prefix', join(logs, 'log'), ...variables, ...files, 'postgres'],
    {
      env: { ...process.env, PGHOST: socket, PGUSER: 'postgres', PGOPTIONS: `-c hnsw.ef_search=${efSearch}` },
    },
  );
  const latencies: number[] = [];
  for (const name of await readdir(logs)) {
    for (const line of (await readFile(join(logs, name), 'utf8')).split('\n')) {
      if (line !== '') latencies.push(Number(line.split(' ')[2]) / 1000);
    }
  }
  await rm(logs, { recursive: true });
  return { ratePerSecond: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]), p50Ms: median(latencies) };
}

interface Script {
  readonly file: string;
  readonly name: string;
  readonly value: string;
}

async function scriptsFor(
  folder: string,
  label: string,
  sql: (variable: string) => string,
): Promise<readonly Script[]> {
  return Promise.all(
    vectors.map(async (value, i) => {
      const [file, name] = [join(folder, `${label}${i}.sql`), `v${i}`];
      await writeFile(file, `${sql(`:${name}`)};\n`);
      return { file, name, value };
    }),
  );
}

async function pgvtune(arm: Arm, count: number): Promise<Round & { readonly samples: LoadSamples }> {
  const samples = await measureLoad({
    arm,
    queries: vectors.length,
    table: 'items',
    clients: { ticket: workspace.ticket('load'), count, processes: true },
    nullQuery: nullQuery(vectors[0] ?? '', K),
    warmUpMs: 300,
    window: { kind: 'closed', endMs: SECONDS * 1000 },
    signal,
  });
  if (samples.status !== 'ok') throw new Error(samples.reason);
  const answered = samples.endedMs.filter((ended) => ended <= SECONDS * 1000).length;
  return { ratePerSecond: answered / SECONDS, p50Ms: median(latenciesOf(samples)), samples };
}

const latenciesOf = ({ startedMs, endedMs }: { startedMs: Float64Array; endedMs: Float64Array }): number[] =>
  Array.from(endedMs, (ended, i) => ended - startedMs[i]!);

/** The same round trip without a search, through pgvtune. */
async function floorHere(session: Session, text: string): Promise<number> {
  const begin = monotonicClock.now();
  const clock = { name: monotonicClock.name, now: () => monotonicClock.now() - begin };
  const send = (n: number) => session.execute({ name: 'floor', text }, [vectors[n % vectors.length]!]);
  return median(latenciesOf(await closedLoop({ clock, endMs: 1000, send })));
}

const { signal } = new AbortController();
const folder = await mkdtemp(join(tmpdir(), 'pgvtune-bench-'));
const server = await openServer('local', { run: 'pgbench', signal, note: () => undefined });
const workspace = await openWorkspace(server, 'pgbench');
const session = await workspace.connect('measure');
const spec = generateSchema.parse(DATA);
const dataset = await importDataset(join(folder, 'datasets'), generateSource(spec));
await loadDataset(server, session, workspace, dataset, { clock: monotonicClock, reporter: silentReporter });
await session.query('CREATE INDEX bench_hnsw ON items USING hnsw (embedding vector_cosine_ops)', [], {
  deadlineMs: Infinity,
});
const { queries } = dataset;
const vectors = Array.from({ length: queries.rows }, (_, q) =>
  vectorText(queries.values.subarray(q * queries.dimensions, (q + 1) * queries.dimensions)),
);
const [place] = await session.query<{ folder: string }>(`SELECT current_setting('unix_socket_directories') AS folder`);
const socket = place?.folder ?? '';

const search = (vector: string): string =>
  `SELECT id FROM ${workspace.quote('items')} ORDER BY embedding <=> ${vector}::vector LIMIT ${K}`;
/** The same round trip without a search. */
const nothing = (vector: string): string => nullQuery('', K).statement.text.replaceAll('$1', vector);
const arm: Arm = {
  key: 'search',
  statement: { name: 'search', text: search('$1') },
  parameters: (query) => [vectors[query]!],
  literals: (query) => [literal(vectors[query]!)],
  settings: { 'hnsw.ef_search': efSearch },
  indexes: ['bench_hnsw'],
  prove: (plan) => scanOf(plan, 'items', 'bench_hnsw'),
};

try {
  const scripts = await scriptsFor(folder, 'search', search);
  const floorScripts = await scriptsFor(folder, 'floor', nothing);
  const facts = await readServerFacts(session);
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model.trim()}, Node ${process.version}, PostgreSQL ${facts.version}, pgvector ${facts.pgvector}, ` +
      `${DATA.rows} × ${DATA.dimensions}, HNSW m=16 ef_construction=64, ef_search=${efSearch}, ${ROUNDS} rounds of ${SECONDS} s a side, load ${loadavg()[0]?.toFixed(1)}\n`,
  );

  const floors: { pgbench: number; pgvtune: number }[] = [];
  for (let round = 0; round < 10; round++) {
    floors.push({
      pgbench: (await pgbench(folder, floorScripts, 1)).p50Ms,
      pgvtune: await floorHere(session, nothing('$1')),
    });
  }
  const floor = { pgbench: median(floors.map((f) => f.pgbench)), pgvtune: median(floors.map((f) => f.pgvtune)) };
  console.log(
    `Floor (no search, 1 connection), p50 ms: pgbench ${floor.pgbench.toFixed(3)}, pgvtune ${floor.pgvtune.toFixed(3)}\n`,
  );

  console.log(
    '| connections | pgbench q/s | pgvtune q/s | ratio of rates | pgbench p50 ms | pgvtune p50 ms | ratio of p50 above the floor | busiest thread | client, server processors | load |',
  );
  console.log('| --: | --: | --: | --- | --: | --: | --- | --: | --- | --: |');
  for (const count of CONNECTIONS) {
    const pairs: { readonly c: Round; readonly node: Awaited<ReturnType<typeof pgvtune>> }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      // Each side is first in every other round.
      if (round % 2 === 0) {
        const c = await pgbench(folder, scripts, count);
        pairs.push({ c, node: await pgvtune(arm, count) });
      } else {
        const node = await pgvtune(arm, count);
        pairs.push({ c: await pgbench(folder, scripts, count), node });
      }
    }
    const of = (pick: (pair: (typeof pairs)[number]) => number): number[] => pairs.map(pick);
    const cpu = (ms: number | null): number => (ms ?? Number.NaN) / (SECONDS * 1000);
    const cells = [
      count,
      median(of(({ c }) => c.ratePerSecond)).toFixed(0),
      median(of(({ node }) => node.ratePerSecond)).toFixed(0),
      spread(of(({ c, node }) => node.ratePerSecond / c.ratePerSecond)),
      median(of(({ c }) => c.p50Ms)).toFixed(3),
      median(of(({ node }) => node.p50Ms)).toFixed(3),
      spread(of(({ c, node }) => (node.p50Ms - floor.pgvtune) / (c.p50Ms - floor.pgbench))),
      median(of(({ node }) => Math.max(...node.samples.eventLoopUtilisation))).toFixed(2),
      `${median(of(({ node }) => cpu(node.samples.clientCpuMs))).toFixed(2)}, ${median(of(({ node }) => cpu(node.samples.serverCpuMs))).toFixed(2)}`,
      loadavg()[0]?.toFixed(1),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
} finally {
  dataset.close();
  await workspace.drop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
