/*
 * Does the client measure what the server can do? The same prepared statement over the same query vectors, sent as text,
 * through pgbench (C), through a second pgbench, and through pgvtune. All three stay connected to one server, and take
 * turns: one runs for a slice of less than half a second while the others are stopped (SIGSTOP). So what happens to the
 * machine happens to all, and nobody has to warm up anew. The plan is the generic one everywhere, or pgbench would be
 * planning most of the time.
 *
 * A slice begins to count when the client has woken up; a query that was on its way when its client was stopped does not
 * count. The floor is the same round trip without a search on as many connections. The ratios are those of neighbouring
 * slices; of each the median is told with its 95 % interval (order statistics). Those of the second pgbench show what
 * the machine does to two clients that are the same. Prints Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/pgbench.js [ef_search=100] [rounds=80]
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { estimateQuantiles } from '../src/analysis/index.js';
import { generateSchema } from '../src/config/index.js';
import { generateSource, importDataset } from '../src/datasets/index.js';
import { loadDataset } from '../src/experiment/table/load.js';
import { type Arm, type Clients, measureLoad, monotonicClock, nullQuery, scanOf } from '../src/measure/index.js';
import { literal, openServer, openWorkspace, readServerFacts, vectorText } from '../src/postgres/index.js';
import { silentReporter } from '../src/progress.js';

const CONNECTIONS = [1, 2, 4];
const DATA = { rows: 30_000, dimensions: 128, queries: 100 };
const K = 10;
const PLAN = { plan_cache_mode: 'force_generic_plan' };
const START_MS = 6000;
const SLICE_MS = 400;
/** Of a slice, before it counts: the processors change hands. */
const WAKE_MS = 40;
/** Between two slices: what a backend is busy with ends. */
const PAUSE_MS = 10;
/** The first turns of everybody do not count. */
const WARM_UP_ROUNDS = 3;

/** One answered query; milliseconds, `endedMs` since the epoch. */
interface Sample {
  readonly endedMs: number;
  readonly latencyMs: number;
}

/** A client that keeps its connections busy; to be stopped and woken as a group of processes. */
interface Client {
  readonly group: number;
  /** What it saw; settles when its time is over. */
  readonly samples: Promise<readonly Sample[]>;
}

/** What a client did in one slice. */
interface Slice {
  readonly ratePerSecond: number;
  readonly p50Ms: number;
}

/** One question, for any client. */
interface Question {
  readonly name: string;
  readonly text: string;
  readonly index: string;
}

/** What the process of pgvtune's side gets. */
interface Job {
  readonly question: Question;
  readonly settings: Readonly<Record<string, string>>;
  readonly vectors: readonly string[];
  readonly clients: Clients;
  readonly endMs: number;
}

/** The side of pgvtune: a process of its own, as pgbench is. */
async function answer({ question, settings, vectors, clients, endMs }: Job): Promise<readonly Sample[]> {
  const { index } = question;
  const wanted = { index, parts: [{ table: 'items', index }] };
  const arm: Arm = {
    key: question.name,
    statement: question,
    parameters: (query) => [vectors[query]!],
    literals: (query) => [literal(vectors[query]!)],
    settings,
    indexes: [index],
    checkPlan: (plan) => scanOf(plan, wanted),
  };
  const samples = await measureLoad({
    arm,
    queries: vectors.length,
    wanted,
    clients,
    nullQuery: nullQuery(vectors[0] ?? '', K),
    warmUpMs: 0,
    window: { kind: 'closed', endMs },
    signal: new AbortController().signal,
  });
  if (samples.status !== 'ok') throw new Error(samples.reason.code);
  const { startedMs, endedMs, beganAt } = samples;
  return Array.from(endedMs, (ended, i) => ({ endedMs: beganAt.getTime() + ended, latencyMs: ended - startedMs[i]! }));
}

if (process.send) {
  process.once('message', (job: Job) => {
    void answer(job).then((samples) => process.send?.(samples, () => process.disconnect()));
  });
} else {
  await compare(...process.argv.slice(2));
}

async function compare(efSearch = '100', roundCount = '80'): Promise<void> {
  const rounds = Number(roundCount);
  const settings = { ...PLAN, 'hnsw.ef_search': efSearch };
  const { signal } = new AbortController();
  const folder = await mkdtemp(join(tmpdir(), 'pgvtune-bench-'));
  const server = await openServer('local', { run: 'pgbench', signal, note: () => undefined });
  const workspace = await openWorkspace(server, 'pgbench');
  const session = await workspace.connect('measure');
  const dataset = await importDataset(join(folder, 'datasets'), generateSource(generateSchema.parse(DATA)));
  await loadDataset(server, session, workspace, dataset, {
    clock: monotonicClock,
    reporter: silentReporter,
    metric: 'cosine',
  });
  await session.query('CREATE INDEX bench_hnsw ON items USING hnsw (embedding vector_cosine_ops)', [], {
    deadlineMs: Infinity,
  });
  const { queries } = dataset;
  const vectors = Array.from({ length: queries.rows }, (_, q) =>
    vectorText(queries.values.subarray(q * queries.dimensions, (q + 1) * queries.dimensions)),
  );
  const [place] = await session.query<{ folder: string }>(
    `SELECT current_setting('unix_socket_directories') AS folder`,
  );
  const items = workspace.quote('items');
  const searching: Question = {
    name: 'search',
    text: `SELECT id FROM ${items} ORDER BY embedding <=> $1::vector LIMIT ${K}`,
    index: 'bench_hnsw',
  };
  /** The first rows of the table by its primary key, whatever the vector is. */
  const resting: Question = {
    name: 'floor',
    text: `SELECT id FROM ${items} WHERE $1::vector IS NOT NULL ORDER BY id LIMIT ${K}`,
    index: 'items_pkey',
  };
  const groups: number[] = [];

  /** pgbench with one script a query vector, each a statement of its own; its log tells when every query ended. */
  async function startPgbench({ name, text }: Question, count: number, endMs: number): Promise<Client> {
    const logs = await mkdtemp(join(folder, 'log-'));
    const scripts = vectors.map(async (value, i) => {
      const file = join(logs, `${name}${i}.sql`);
      await writeFile(file, `${text.replace('$1', `:v${i}`)};\n`);
      return ['-f', file, '-D', `v${i}=${value}`];
    });
    const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
    const args = ['-n', '-M', 'prepared', '-c', `${count}`, '-j', `${count}`, '-T', `${Math.ceil(endMs / 1000)}`, '-l'];
    const child = spawn(
      'pgbench',
      [...args, '--log-prefix', join(logs, 'log'), ...(await Promise.all(scripts)).flat(), 'postgres'],
      {
        detached: true,
        stdio: 'ignore',
        env: { ...process.env, PGHOST: place?.folder ?? '', PGUSER: 'postgres', PGOPTIONS: options.join(' ') },
      },
    );
    const ended = new Promise((resolve) => child.once('close', resolve));
    return { group: child.pid!, samples: ended.then(() => readLogs(logs)) };
  }

  function startPgvtune(question: Question, count: number, endMs: number): Client {
    const child = fork(fileURLToPath(import.meta.url), { detached: true, serialization: 'advanced' });
    const clients: Clients = { ticket: workspace.ticket('load'), count, processes: true };
    const job: Job = { question, settings, vectors, clients, endMs };
    child.send(job);
    const samples = new Promise<readonly Sample[]>((resolve, reject) => {
      child.once('message', (told) => resolve(told as Sample[]));
      child.once('exit', (code) => reject(new Error(`The side of pgvtune ended with exit code ${code}.`)));
    });
    return { group: child.pid!, samples };
  }

  /** The clients take turns, each first as often as the others. @returns their slices, round by round */
  async function takeTurns(question: Question, count: number, turns: number) {
    const all = turns + WARM_UP_ROUNDS;
    const endMs = START_MS + 3 * all * (SLICE_MS + PAUSE_MS + 5) + 2000;
    const clients = {
      pgbench: await startPgbench(question, count, endMs),
      again: await startPgbench(question, count, endMs),
      pgvtune: startPgvtune(question, count, endMs),
    };
    type Side = keyof typeof clients;
    const sides = Object.keys(clients) as Side[];
    for (const side of sides) groups.push(clients[side].group);
    await setTimeout(START_MS);
    for (const side of sides) process.kill(-clients[side].group, 'SIGSTOP');
    const slices: { side: Side; from: number; to: number }[] = [];
    for (let round = 0; round < all; round++) {
      for (let i = 0; i < sides.length; i++) {
        await setTimeout(PAUSE_MS);
        const side = sides[(round + i) % sides.length]!;
        const from = Date.now();
        process.kill(-clients[side].group, 'SIGCONT');
        await setTimeout(SLICE_MS);
        const to = Date.now();
        process.kill(-clients[side].group, 'SIGSTOP');
        if (round >= WARM_UP_ROUNDS) slices.push({ side, from, to });
      }
    }
    for (const side of sides) process.kill(-clients[side].group, 'SIGCONT');
    const read = async (side: Side): Promise<readonly Slice[]> => {
      const samples = (await clients[side].samples).toSorted((a, b) => a.endedMs - b.endedMs);
      return slices.filter((slice) => slice.side === side).map(({ from, to }) => look(samples, from, to));
    };
    return { pgbench: await read('pgbench'), again: await read('again'), pgvtune: await read('pgvtune') };
  }

  try {
    const facts = await readServerFacts(session);
    console.log(
      `${availableParallelism()} × ${cpus()[0]?.model.trim()}, Node ${process.version}, PostgreSQL ${facts.version}, pgvector ${facts.pgvector}, ` +
        `${execFileSync('pgbench', ['--version'], { encoding: 'utf8' }).trim()}, ${DATA.rows} × ${DATA.dimensions}, HNSW m=16 ef_construction=64, ` +
        `ef_search=${efSearch}, ${rounds} slices of ${SLICE_MS} ms a side, load ${loadavg()[0]?.toFixed(1)}\n`,
    );
    console.log(
      '| connections | pgbench q/s | ratio of rates, pgbench to pgbench | ratio of rates, pgvtune to pgbench | p50 (floor) ms, pgbench | p50 (floor) ms, pgvtune | above the floor, pgbench to pgbench | above the floor, pgvtune to pgbench |',
    );
    console.log('| --: | --: | --- | --- | --: | --: | --- | --- |');
    for (const count of CONNECTIONS) {
      const search = await takeTurns(searching, count, rounds);
      const floor = await takeTurns(resting, count, Math.ceil(rounds / 4));
      const p50 = (of: readonly Slice[]): number => median(of.map(({ p50Ms }) => p50Ms));
      const rates = (side: 'again' | 'pgvtune'): string =>
        spread(search[side].map(({ ratePerSecond }, i) => ratePerSecond / search.pgbench[i]!.ratePerSecond));
      const above = (side: 'again' | 'pgvtune'): string =>
        spread(
          search[side].map(
            ({ p50Ms }, i) => (p50Ms - p50(floor[side])) / (search.pgbench[i]!.p50Ms - p50(floor.pgbench)),
          ),
        );
      const both = (side: 'pgbench' | 'pgvtune'): string =>
        `${p50(search[side]).toFixed(3)} (${p50(floor[side]).toFixed(3)})`;
      const rate = median(search.pgbench.map(({ ratePerSecond }) => ratePerSecond)).toFixed(0);
      const cells = [
        count,
        rate,
        rates('again'),
        rates('pgvtune'),
        both('pgbench'),
        both('pgvtune'),
        above('again'),
        above('pgvtune'),
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
    console.log(`\nload ${loadavg()[0]?.toFixed(1)} at the end`);
  } finally {
    for (const group of groups) {
      try {
        process.kill(-group, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
    dataset.close();
    await workspace.drop();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** pgbench's logs: the latency in microseconds, and when the transaction ended, in seconds and microseconds. */
async function readLogs(folder: string): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith('log.')) continue;
    for (const line of (await readFile(join(folder, name), 'utf8')).split('\n')) {
      if (line === '') continue;
      const [, , microseconds, , seconds, rest] = line.split(' ').map(Number);
      samples.push({ endedMs: seconds! * 1000 + rest! / 1000, latencyMs: microseconds! / 1000 });
    }
  }
  return samples;
}

/** @param samples in the order in which they ended */
function look(samples: readonly Sample[], from: number, to: number): Slice {
  const counted = samples.filter(({ endedMs }) => endedMs >= from + WAKE_MS && endedMs <= to);
  const whole = counted.filter(({ endedMs, latencyMs }) => endedMs - latencyMs >= from);
  return {
    ratePerSecond: (1000 * counted.length) / (to - from - WAKE_MS),
    p50Ms: median(whole.map(({ latencyMs }) => latencyMs)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The median, its interval, and the range of the middle half. */
function spread(values: readonly number[]): string {
  const ascending = values.toSorted((a, b) => a - b);
  const [found] = estimateQuantiles(ascending, [0.5]);
  const { value, low, high } = found?.estimate ?? { value: Number.NaN, low: null, high: null };
  const digits = (x: number | null | undefined): string => x?.toFixed(3) ?? '?';
  const quartile = (q: number): string => digits(ascending[Math.floor((q * ascending.length) / 4)]);
  return `${digits(value)} [${digits(low)}, ${digits(high)}] (${quartile(1)}–${quartile(3)})`;
}
