/*
 * Speed of the exact neighbours: by this project's kernel, by the server's own exact scan, and by OpenBLAS where python3
 * has numpy. All three in turn, several times over; prints medians with their spread, as Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/exact.js [rows=100000] [dimensions=768] [queries=1000] [k=100] [repeats=5]
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Dataset } from '../src/datasets/index.js';
import { exactTruth } from '../src/exact/index.js';
import { encodeVector, loadVectors, openServer } from '../src/postgres/index.js';
import { createRandom } from '../src/random.js';
import type { Matrix } from '../src/vocabulary.js';

const [rows = 100_000, dimensions = 768, queryCount = 1000, k = 100, repeats = 5] = process.argv.slice(2).map(Number);
/** The server is asked a share of the work; its time is scaled up. */
const SERVER_ROWS = Math.min(rows, 20_000);
const SERVER_QUERIES = 5;

/** One way of doing it: seconds for the whole, and processor seconds where they are known. */
interface Way {
  readonly name: string;
  readonly run: () => Promise<{ readonly seconds: number; readonly cpuSeconds: number | null }>;
}

/** Ways that share something to be stopped at the end. */
interface Contender {
  readonly ways: readonly Way[];
  readonly stop: () => Promise<void>;
}

function randomMatrix(count: number, seed: string): Matrix {
  const random = createRandom(seed);
  const values = new Float32Array(count * dimensions);
  for (let i = 0; i < values.length; i++) values[i] = random.next() - 0.5;
  return { rows: count, dimensions, values };
}

const base = randomMatrix(rows, 'base');
const queries = randomMatrix(queryCount, 'queries');

async function* blocksOf(matrix: Matrix, rowsPerBlock = 1000) {
  for (let start = 0; start < matrix.rows; start += rowsPerBlock) {
    const count = Math.min(rowsPerBlock, matrix.rows - start);
    const values = matrix.values.subarray(start * dimensions, (start + count) * dimensions);
    yield { start, rows: count, dimensions, values };
  }
}

async function kernel(): Promise<Contender> {
  const cacheFolder = await mkdtemp(join(tmpdir(), 'pgvtune-bench-'));
  let runs = 0;
  const dataset = (): Dataset => ({
    manifest: {
      version: 1,
      name: 'bench',
      // Every run asks anew.
      hash: `run ${runs++}`,
      rows,
      dimensions,
      queries: queryCount,
      queriesHeldOut: true,
      metric: 'ip',
      synthetic: true,
      columns: [],
      textColumn: null,
      checks: { duplicateRows: 0, zeroRows: 0, zeroQueries: 0, queriesInBase: 0 },
      source: null,
    },
    queries,
    blocks: (rowsPerBlock) => blocksOf(base, rowsPerBlock),
    vector: (row) => base.values.slice(row * dimensions, (row + 1) * dimensions),
    async *rows() {},
    async *queryRows() {},
    declaredNeighbours: async () => null,
    cacheFolder,
    close: () => undefined,
  });
  const name = 'pgvtune, WebAssembly SIMD';
  async function run() {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await exactTruth(dataset(), { metric: 'ip', k });
    const seconds = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    return { seconds, cpuSeconds: (user + system) / 1e6 };
  }
  return { ways: [{ name, run }], stop: () => rm(cacheFolder, { recursive: true }) };
}

const NUMPY = `
import sys, time, numpy as np
rows, dimensions, queries, k = map(int, sys.argv[1:])
random = np.random.default_rng(1)
base = random.random((rows, dimensions), dtype=np.float32) - np.float32(0.5)
asked = random.random((queries, dimensions), dtype=np.float32) - np.float32(0.5)
print('ready', flush=True)
for line in sys.stdin:
    wall, cpu = time.perf_counter(), time.process_time()
    scores = asked @ base.T
    product = time.perf_counter() - wall, time.process_time() - cpu
    np.argpartition(-scores, k, axis=1)[:, :k]
    print(*product, time.perf_counter() - wall, time.process_time() - cpu, flush=True)
`;

/** OpenBLAS sgemm, with and without the partial sort; nothing where numpy is not installed. */
async function numpy(): Promise<Contender> {
  const child = spawn('python3', ['-c', NUMPY, ...[rows, dimensions, queryCount, k].map(String)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  child.on('error', () => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  if ((await lines.next()).value !== 'ready') return { ways: [], stop: async () => undefined };
  let last: number[] = [];
  const ask = async (): Promise<void> => {
    child.stdin.write('\n');
    last = String((await lines.next()).value)
      .split(' ')
      .map(Number);
  };
  const withTopK: Way = {
    name: 'OpenBLAS, product and top-k',
    async run() {
      await ask();
      return { seconds: last[2]!, cpuSeconds: last[3]! };
    },
  };
  const productOnly: Way = {
    name: 'OpenBLAS, product only',
    run: async () => ({ seconds: last[0]!, cpuSeconds: last[1]! }),
  };
  return { ways: [withTopK, productOnly], stop: async () => void child.stdin.end() };
}

/** The server's exact scan of vectors stored as CREATE TABLE does by default (out of line from 2 kB on), and in line. */
async function server(): Promise<Contender> {
  const opened = await openServer('auto', {
    run: 'bench',
    signal: new AbortController().signal,
    note: console.error,
  });
  const session = await opened.connect('bench');
  const sample = { ...base, rows: SERVER_ROWS, values: base.values.subarray(0, SERVER_ROWS * dimensions) };

  async function scan(table: string, storage: string): Promise<Way> {
    await session.query(`CREATE TABLE ${table} (id bigint PRIMARY KEY, embedding vector(${dimensions}) NOT NULL)`);
    await session.query(`ALTER TABLE ${table} ALTER COLUMN embedding SET STORAGE ${storage}`);
    const blocks = blocksOf(sample);
    await loadVectors([session], opened.capabilities, { table, blocks, onProgress: () => undefined });
    await session.query(`VACUUM ANALYZE ${table}`);
    const statement = { name: table, text: `SELECT id FROM ${table} ORDER BY embedding <#> $1::vector LIMIT ${k}` };
    return {
      name: `${opened.label}, exact scan, storage ${storage}`,
      async run() {
        const start = performance.now();
        for (let query = 0; query < SERVER_QUERIES; query++) {
          const vector = queries.values.subarray(query * dimensions, (query + 1) * dimensions);
          await session.execute(statement, [encodeVector(vector)]);
        }
        const scale = (rows / SERVER_ROWS) * (queryCount / SERVER_QUERIES);
        return { seconds: (scale * (performance.now() - start)) / 1000, cpuSeconds: null };
      },
    };
  }
  const ways = [await scan('bench_external', 'external'), await scan('bench_plain', 'plain')];
  return { ways, stop: () => opened.stop() };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

function spread(values: readonly number[], digits = 2): string {
  const range = [median(values), Math.min(...values), Math.max(...values)].map((value) => value.toFixed(digits));
  return `${range[0]} (${range[1]}–${range[2]})`;
}

async function main(): Promise<void> {
  const contenders: Contender[] = [];
  const times: { readonly seconds: number; readonly cpuSeconds: number | null }[][] = [];
  try {
    for (const start of [kernel, numpy, server]) contenders.push(await start());
    // The first round warms up.
    for (let round = 0; round <= repeats; round++) {
      const measured = [];
      for (const way of contenders.flatMap(({ ways }) => ways)) measured.push(await way.run());
      if (round > 0) times.push(measured);
    }
  } finally {
    for (const { stop } of contenders) await stop();
  }

  const ways = contenders.flatMap(({ ways }) => ways);
  const gflop = (2 * rows * dimensions * queryCount) / 1e9;
  console.log(`${queryCount} queries × ${rows} rows × ${dimensions} dimensions, inner product, top ${k}`);
  console.log(`${repeats} interleaved repetitions: median (least–most).`);
  console.log(`The server answers ${SERVER_QUERIES} queries over ${SERVER_ROWS} rows; its time is scaled up.\n`);
  console.log('| way | seconds | GFLOP/s | GFLOP per CPU second | seconds against the kernel |');
  console.log('| --- | --: | --: | --: | --: |');
  for (const [i, { name }] of ways.entries()) {
    const seconds = times.map((round) => round[i]!.seconds);
    const cpuSeconds = times.flatMap((round) => round[i]!.cpuSeconds ?? []);
    const cells = [
      name,
      spread(seconds),
      spread(
        seconds.map((wall) => gflop / wall),
        1,
      ),
      cpuSeconds.length > 0
        ? spread(
            cpuSeconds.map((cpu) => gflop / cpu),
            1,
          )
        : '',
      spread(times.map((round) => round[i]!.seconds / round[0]!.seconds)),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

await main();
