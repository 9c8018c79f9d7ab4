/*
 * Speed and memory of the generator: rows a second and the most memory that the process ever held. Each line is a
 * process of its own. Prints Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/generate.js [rows=1000000] [dimensions=128] [repeats=3]
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { generateSchema } from '../src/config/index.js';
import { generateSource } from '../src/datasets/index.js';

const CASES = {
  vectors: {},
  'vectors and attributes': {
    attributes: {
      tenant: { kind: 'tenant', correlation: 0.5 },
      category: { kind: 'category', selectivity: 0.01, correlation: 0.8 },
      created_at: { kind: 'timestamp' },
      tags: { kind: 'tags' },
    },
  },
  'vectors and text': { text: { locale: 'en' } },
} as const;
type Case = keyof typeof CASES;

interface Measured {
  readonly seconds: number;
  readonly peakBytes: number;
}

async function generate(name: Case, rows: number, dimensions: number): Promise<Measured> {
  const source = generateSource(generateSchema.parse({ rows, dimensions, ...CASES[name] }));
  const start = performance.now();
  let generated = 0;
  for await (const batch of source.base()) generated += batch.rows;
  if (generated !== rows) throw new Error(`Expected ${rows} rows, got ${generated}.`);
  return { seconds: (performance.now() - start) / 1000, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function inProcess(name: Case, rows: number, dimensions: number): Promise<Measured> {
  const args = [fileURLToPath(import.meta.url), String(rows), String(dimensions), '1', name];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Measured;
}

async function main(): Promise<void> {
  const [rows = 1_000_000, dimensions = 128, repeats = 3] = process.argv.slice(2, 5).map(Number);
  const only = process.argv[5];
  if (only !== undefined) {
    console.log(JSON.stringify(await generate(only as Case, rows, dimensions)));
    return;
  }
  console.log(`${rows} rows × ${dimensions} dimensions, one thread; median (least–most) of ${repeats}\n`);
  console.log('| what | seconds | rows/s | peak memory, MB |');
  console.log('| --- | --: | --: | --: |');
  for (const name of Object.keys(CASES) as Case[]) {
    const runs: Measured[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) runs.push(await inProcess(name, rows, dimensions));
    const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b);
    const median = seconds[Math.floor(repeats / 2)]!;
    const range = `${median.toFixed(1)} (${seconds[0]!.toFixed(1)}–${seconds.at(-1)!.toFixed(1)})`;
    const peak = Math.max(...runs.map((run) => run.peakBytes)) / 1e6;
    console.log(`| ${name} | ${range} | ${Math.round(rows / median)} | ${peak.toFixed(0)} |`);
  }
}

await main();
