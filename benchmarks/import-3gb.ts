import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportDataset, importDataset, openDataset, openSource } from '../src/datasets/index.js';
import { loadVectors, openServer } from '../src/postgres/index.js';
import { createRandom } from '../src/random.js';

/*
 * Imports a file that is larger than the memory it may take, 1,000,000 × 768 float32 (3 GB), and loads it into a local
 * server. Each step runs in a process of its own, whose peak resident memory the operating system reports.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/import-3gb.js [format …]
 *
 * The file is an fbin; with formats (hdf5, parquet, jsonl, …) it is converted, and those are imported too. Needs 13 GB
 * of disk. PGVTUNE_BENCH_ROWS makes fewer rows, PGVTUNE_BENCH_FOLDER chooses the disk.
 */

const ROWS = Number(process.env['PGVTUNE_BENCH_ROWS'] ?? 1_000_000);
const DIMENSIONS = 768;

/** Normally distributed numbers; a thousand different rows, each with its number in front so that none repeats. */
async function writeFbin(path: string): Promise<void> {
  const random = createRandom('import-3gb');
  const rowsPerBlock = 1000;
  const block = Float32Array.from({ length: rowsPerBlock * DIMENSIONS }, () => random.normal());
  const file = await open(path, 'w');
  await file.writeFile(new Uint8Array(Uint32Array.of(ROWS, DIMENSIONS).buffer));
  for (let start = 0; start < ROWS; start += rowsPerBlock) {
    const rows = Math.min(rowsPerBlock, ROWS - start);
    for (let i = 0; i < rows; i++) block[i * DIMENSIONS] = 1 + (start + i) / ROWS;
    await file.writeFile(new Uint8Array(block.buffer, 0, rows * DIMENSIONS * 4));
  }
  await file.close();
}

interface Measured {
  readonly rows: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Runs in the child process. */
async function importOne(path: string, store: string): Promise<Measured> {
  const start = performance.now();
  const dataset = await importDataset(store, await openSource(path));
  return measured(dataset.manifest.rows + dataset.manifest.queries, start);
}

/** Runs in a child process; the server is yet another one. */
async function load(store: string): Promise<Measured> {
  const signal = new AbortController().signal;
  const server = await openServer('local', { run: 'bench-import', signal, note: console.error });
  try {
    const session = await server.connect('load');
    await session.query(`CREATE TABLE vectors (id bigint PRIMARY KEY, embedding vector(${DIMENSIONS}) NOT NULL)`);
    const dataset = await openDataset(store, 'vectors');
    const start = performance.now();
    const options = { table: 'vectors', blocks: dataset.blocks(), onProgress: () => undefined };
    return measured((await loadVectors([session], server.capabilities, options)).rows, start);
  } finally {
    await server.stop();
  }
}

const measured = (rows: number, start: number): Measured => ({
  rows,
  seconds: (performance.now() - start) / 1000,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
});

/** Runs in a child process too: it needs memory of its own. */
async function convert(store: string, path: string): Promise<void> {
  await exportDataset(await openDataset(store, 'vectors'), path);
}

function inChild(...args: readonly string[]): string {
  const child = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
    encoding: 'utf8',
  });
  if (child.status !== 0) throw new Error(`${args.join(' ')} failed: ${child.stderr}`);
  return child.stdout;
}

export async function main(formats: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(process.env['PGVTUNE_BENCH_FOLDER'] ?? tmpdir(), 'pgvtune-import-'));
  try {
    const store = join(folder, 'store');
    const fbin = join(folder, 'vectors.fbin');
    await writeFbin(fbin);
    const report = (what: string, ...step: readonly string[]): void => {
      const { rows, seconds, peakMegabytes } = JSON.parse(inChild(...step)) as Measured;
      console.log(
        `${what}: ${rows} rows × ${DIMENSIONS}, ${seconds.toFixed(1)} s, ${(rows / seconds).toFixed(0)} rows/s, ` +
          `peak resident ${peakMegabytes.toFixed(0)} MB`,
      );
    };
    const reportImport = async (format: string, path: string, into: string): Promise<void> =>
      report(`import of ${format}, ${((await stat(path)).size / 1e6).toFixed(0)} MB`, '--import', path, into);
    await reportImport('fbin', fbin, store);
    rmSync(fbin);
    report('load', '--load', store);
    for (const format of formats) {
      const path = join(folder, `converted.${format}`);
      inChild('--convert', store, path);
      const other = join(folder, `store-${format}`);
      await reportImport(format, path, other);
      rmSync(path);
      rmSync(other, { recursive: true });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const [mode, first = '', second = ''] = process.argv.slice(2);
if (mode === '--import') console.log(JSON.stringify(await importOne(first, second)));
else if (mode === '--load') console.log(JSON.stringify(await load(first)));
else if (mode === '--convert') await convert(first, second);
else if (process.argv[1] === fileURLToPath(import.meta.url))
  await main(process.argv.slice(2).filter((format) => format !== 'fbin'));
