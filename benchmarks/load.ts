/*
 * Rows per second of loading, against psql's \copy of the same bytes prepared beforehand, interleaved.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/load.js [rows=200000] [dimensions=768] [rounds=5]
 *
 * pgvtune reads its stored dataset and encodes it on the way; psql only copies a file.
 */
import { execFile } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { generateSchema } from '../src/config/index.js';
import { type Dataset, generateSource, importDataset } from '../src/datasets/index.js';
import { loadVectors, openServer, type Server } from '../src/postgres/index.js';
import { COPY_HEADER, COPY_TRAILER, encodeCopyTuples } from '../src/postgres/codec.js';

const [rows = 200_000, dimensions = 768, rounds = 5] = process.argv.slice(2).map(Number);
const TABLE = 'bench_load';

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pgvtune-load-'));
  const server = await openServer('local', {
    run: 'bench-load',
    signal: new AbortController().signal,
    note: console.error,
  });
  try {
    const dataset = await importDataset(
      join(folder, 'datasets'),
      generateSource(generateSchema.parse({ rows, dimensions, queries: 1 })),
    );
    const file = join(folder, 'rows.copy');
    await pipeline(Readable.from(tuples(dataset)), createWriteStream(file));
    await compare(server, dataset, file);
    dataset.close();
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function* tuples(dataset: Dataset): AsyncGenerator<Buffer> {
  yield COPY_HEADER;
  for await (const block of dataset.blocks()) yield encodeCopyTuples(block.start, block);
  yield COPY_TRAILER;
}

async function compare(server: Server, dataset: Dataset, file: string): Promise<void> {
  const session = await server.connect('load');
  const [where] = await session.query<{ folder: string }>(
    `SELECT current_setting('unix_socket_directories') AS folder`,
  );
  const psql = promisify(execFile);
  const ways: Record<string, () => Promise<void>> = {
    psql: async () => {
      await psql('psql', [
        '-h',
        where?.folder ?? '',
        '-U',
        'postgres',
        '-d',
        'postgres',
        '-c',
        `\\copy ${TABLE} from '${file}' with (format binary)`,
      ]);
    },
    pgvtune: async () => {
      await loadVectors([session], server.capabilities, options(dataset));
    },
    'pgvtune, two connections': async () => {
      const second = await server.connect('load-2');
      await loadVectors([session, second], server.capabilities, options(dataset));
      await second.close();
    },
  };
  const seconds: Record<string, number[]> = {};
  for (let round = 0; round < rounds; round++) {
    for (const [name, load] of Object.entries(ways)) {
      await session.query(`DROP TABLE IF EXISTS ${TABLE}`);
      await session.query(`CREATE TABLE ${TABLE} (id bigint PRIMARY KEY, embedding vector(${dimensions}) NOT NULL)`);
      await session.query('CHECKPOINT', [], { deadlineMs: Infinity });
      const start = performance.now();
      await load();
      (seconds[name] ??= []).push((performance.now() - start) / 1000);
    }
  }
  console.log(
    `${rows} × ${dimensions}, ${rounds} rounds, ${cpus().length} × ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`,
  );
  const base = seconds['psql'] ?? [];
  for (const [name, taken] of Object.entries(seconds)) {
    const ratios = taken.map((each, round) => (base[round] ?? 0) / each);
    console.log(
      `${name}: ${Math.round(rows / median(taken))} rows/s, ${median(ratios).toFixed(2)} of psql (${Math.min(...ratios).toFixed(2)}–${Math.max(...ratios).toFixed(2)})`,
    );
  }
  console.log(`peak resident memory of this process: ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
}

const options = (dataset: Dataset) => ({ table: TABLE, blocks: dataset.blocks(), onProgress: () => undefined });

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

await main();
