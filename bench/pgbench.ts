/*
 * Does the client measure what the server can do? The same prepared statement over the same query vectors, sent as text,
 * through pgbench (C) and through pgvtune, in alternating rounds on one server: what happens to the machine happens to
 * both. Both sides connect anew for each round, and what they do before their backends are warm does not count: pgbench
 * prepares each of its scripts as a statement of its own. The plan is the generic one on both sides, or pgbench would be
 * planning most of the time.
 *
 * The floor is the same round trip without a search on as many connections. The ratios are those of neighbouring rounds;
 * of each the median is told with its 95 % interval (order statistics). Prints Markdown.
 *
 *   npx tsc -p bench && node dist-bench/bench/pgbench.js [ef_search=100] [rounds=30] [seconds=2]
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
import { literal, openServer, openWorkspace, readServerFacts, vectorText } from '../src/postgres/index.js';
import { silentReporter } from '../src/progress.js';

const run = promisify(execFile);

const [efSearch = '100', rounds = '30', seconds = '2'] = process.argv.slice(2);
const ROUNDS = Number(rounds);
const FLOOR_ROUNDS = Math.ceil(ROUNDS / 3);
const SECONDS = Number(seconds);
const WARM_UP_SECONDS = 1;
const CONNECTIONS = [1, 2, 4];
const DATA = { rows: 30_000, dimensions: 128, queries: 100 };
const K = 10;
const PLAN = { plan_cache_mode: 'force_generic_plan' };

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

/** Runs pgbench on one script a query vector, and reads when every transaction ended and how long it took from its log. */
async function pgbench(scripts: readonly Script[], count: number): Promise<Round> {
  const logs = await mkdtemp(join(folder, 'log-'));
  const files = scripts.flatMap(({ file }) => ['-f', file]);
  const variables = scripts.flatMap(({ name, value }) => ['-D', `${name}=${value}`]);
  const seconds = WARM_UP_SECONDS + SECONDS;
  const args = ['-n', '-M', 'prepared', '-c', `${count}`, '-j', `${count}`, '-T', `${seconds}`, '-l'];
  const settings = { ...PLAN, 'hnsw.ef_search': efSearch };
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  await run('pgbench', [...args, '--log-prefix', join(logs, 'log'), ...variables, ...files, 'postgres'], {
    env: { ...process.env, PGHOST: socket, PGUSER: 'postgres', PGOPTIONS: options.join(' ') },
  });
  const transactions: { readonly endedMs: number; readonly latencyMs: number }[] = [];
  for (const name of await readdir(logs)) {
    for (const line of (await readFile(join(logs, name), 'utf8')).split('\n')) {
      const [, , microseconds, , epoch, fraction] = line.split(' ').map(Number);
      if (line === '') continue;
      transactions.push({ endedMs: epoch! * 1000 + fraction! / 1000, latencyMs: microseconds! / 1000 });
    }
  }
  await rm(logs, { recursive: true });
  // Without a search there are more of them than a call takes arguments.
  const began = transactions.reduce((first, { endedMs }) => Math.min(first, endedMs), Infinity);
  const from = began + WARM_UP_SECONDS * 1000;
  const counted = transactions.filter(({ endedMs }) => endedMs >= from && endedMs < from + SECONDS * 1000);
  return {
    ratePerSecond: counted.length / SECONDS,
    p50Ms: median(counted.map(({ latencyMs }) => latencyMs)),
  };
}

interface Script {
  readonly file: string;
  readonly name: string;
  readonly value: string;
}

async function scriptsFor(label: string, sql: (variable: string) => string): Promise<readonly Script[]> {
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
    warmUpMs: WARM_UP_SECONDS * 1000,
    window: { kind: 'closed', endMs: SECONDS * 1000 },
    signal,
  });
  if (samples.status !== 'ok') throw new Error(samples.reason);
  const { startedMs, endedMs } = samples;
  const answered = endedMs.filter((ended) => ended <= SECONDS * 1000).length;
  const latencies = Array.from(endedMs, (ended, i) => ended - startedMs[i]!);
  return { ratePerSecond: answered / SECONDS, p50Ms: median(latencies), samples };
}

/** One round of both sides; each is first in every other round. */
async function both(side: Side, count: number, round: number): Promise<Pair> {
  if (round % 2 === 0) {
    const c = await pgbench(side.scripts, count);
    return { c, node: await pgvtune(side.arm, count) };
  }
  const node = await pgvtune(side.arm, count);
  return { c: await pgbench(side.scripts, count), node };
}

/** One question, for either side. */
interface Side {
  readonly scripts: readonly Script[];
  readonly arm: Arm;
}

interface Pair {
  readonly c: Round;
  readonly node: Awaited<ReturnType<typeof pgvtune>>;
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
/** The first rows of the table by its primary key, whatever the vector is. */
const floor = (vector: string): string =>
  `SELECT id FROM ${workspace.quote('items')} WHERE ${vector}::vector IS NOT NULL ORDER BY id LIMIT ${K}`;

async function sideOf(name: string, sql: (vector: string) => string, index: string): Promise<Side> {
  return {
    scripts: await scriptsFor(name, sql),
    arm: {
      key: name,
      statement: { name, text: sql('$1') },
      parameters: (query) => [vectors[query]!],
      literals: (query) => [literal(vectors[query]!)],
      settings: { ...PLAN, 'hnsw.ef_search': efSearch },
      indexes: [index],
      prove: (plan) => scanOf(plan, 'items', index),
    },
  };
}

try {
  const [searching, resting] = [
    await sideOf('search', search, 'bench_hnsw'),
    await sideOf('floor', floor, 'items_pkey'),
  ];
  const facts = await readServerFacts(session);
  console.log(
    `${availableParallelism()} × ${cpus()[0]?.model.trim()}, Node ${process.version}, PostgreSQL ${facts.version}, pgvector ${facts.pgvector}, ` +
      `${DATA.rows} × ${DATA.dimensions}, HNSW m=16 ef_construction=64, ef_search=${efSearch}, ${ROUNDS} rounds of ${SECONDS} s a side (the floor ${FLOOR_ROUNDS}), load ${loadavg()[0]?.toFixed(1)}\n`,
  );

  const pairs = new Map(CONNECTIONS.map((count) => [count, { search: [] as Pair[], floor: [] as Pair[] }]));
  // What changes in the course of the minutes happens to every number of connections.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [count, of] of pairs) {
      of.search.push(await both(searching, count, round));
      if (round < FLOOR_ROUNDS) of.floor.push(await both(resting, count, round));
    }
    process.stderr.write(`\r${round + 1} of ${ROUNDS}`);
  }
  process.stderr.write('\n');

  console.log(
    '| connections | pgbench q/s | pgvtune q/s | ratio of rates | pgbench p50 (floor) ms | pgvtune p50 (floor) ms | ratio of p50 above the floor | busiest thread | client ms a query | client, server processors |',
  );
  console.log('| --: | --: | --: | --- | --: | --: | --- | --: | --: | --- |');
  for (const [count, { search, floor }] of pairs) {
    const of = (pick: (pair: Pair) => number): number[] => search.map(pick);
    const processors = (ms: number | null): number => (ms ?? Number.NaN) / (SECONDS * 1000);
    const [floorC, floorNode] = [median(floor.map(({ c }) => c.p50Ms)), median(floor.map(({ node }) => node.p50Ms))];
    const cells = [
      count,
      median(of(({ c }) => c.ratePerSecond)).toFixed(0),
      median(of(({ node }) => node.ratePerSecond)).toFixed(0),
      spread(of(({ c, node }) => node.ratePerSecond / c.ratePerSecond)),
      `${median(of(({ c }) => c.p50Ms)).toFixed(3)} (${floorC.toFixed(3)})`,
      `${median(of(({ node }) => node.p50Ms)).toFixed(3)} (${floorNode.toFixed(3)})`,
      spread(of(({ c, node }) => (node.p50Ms - floorNode) / (c.p50Ms - floorC))),
      median(of(({ node }) => Math.max(...node.samples.eventLoopUtilisation))).toFixed(2),
      median(of(({ node: { samples } }) => samples.clientCpuMs / samples.endedMs.length)).toFixed(3),
      `${median(of(({ node }) => processors(node.samples.clientCpuMs))).toFixed(2)}, ${median(of(({ node }) => processors(node.samples.serverCpuMs))).toFixed(2)}`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
  console.log(`\nload ${loadavg()[0]?.toFixed(1)} at the end`);
} finally {
  dataset.close();
  await workspace.drop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}
