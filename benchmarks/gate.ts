/*
 * Does the nightly gate tell equal from slower? On one backend of a local server two arms are measured in alternating
 * blocks, look by look, and decided by the rules of `pgvtune gate`: identical ones (A/A), and ones of which the second's
 * times are multiplied by 1.05. Prints, as Markdown, alarms, misses, and how long it took to decide.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/gate.js [equal=300] [slower=100] [rows=30000] [dimensions=128]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockLogRatios, nearestRank } from '../src/analysis/index.js';
import { generateSchema } from '../src/config/index.js';
import { generateSource, importDataset } from '../src/datasets/index.js';
import { type Arm, measureBlocks, monotonicClock, scanOf, type TableUnderTest } from '../src/measure/index.js';
import { BLOCK_QUERIES, DEFAULT_RULES, FIRST_PAIRS, type GateVerdict, lookAt } from '../src/nightly/gate/decide.js';
import { encodeVector, literal, loadVectors, openServer, openWorkspace, vectorText } from '../src/postgres/index.js';
import { createRandom } from '../src/random.js';

const [equal = 300, slower = 100, rows = 30_000, dimensions = 128] = process.argv.slice(2).map(Number);
const QUERIES = 1000;
const SLOWDOWN = 0.05;
/** Of timed queries, both sides together. */
const BUDGET_MS = 60_000;

const folder = await mkdtemp(join(tmpdir(), 'pgvtune-bench-'));
const server = await openServer('local', { run: 'gate', signal: new AbortController().signal, note: () => undefined });
try {
  await main();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

/** What became of one gate. */
interface Outcome {
  readonly verdict: GateVerdict;
  readonly looks: number;
  readonly timedMs: number;
  readonly shift: number;
}

async function main(): Promise<void> {
  const spec = generateSchema.parse({ rows, dimensions, queries: QUERIES });
  const dataset = await importDataset(folder, generateSource(spec));
  const workspace = await openWorkspace(server, 'gate');
  const session = await workspace.connect('measure');
  const items = workspace.quote('items');
  await session.query(`CREATE TABLE ${items} (id bigint PRIMARY KEY, embedding vector(${dimensions}) NOT NULL)`);
  await loadVectors([session], server.capabilities, {
    table: items,
    blocks: dataset.blocks(),
    onProgress: () => undefined,
  });
  await session.query(`CREATE INDEX graph ON ${items} USING hnsw (embedding vector_cosine_ops)`, [], {
    deadlineMs: Infinity,
  });
  await session.query(`VACUUM (ANALYZE) ${items}`);

  const vector = (q: number): Float32Array => dataset.queries.values.subarray(q * dimensions, (q + 1) * dimensions);
  const encoded = Array.from({ length: QUERIES }, (_, q) => [encodeVector(vector(q))]);
  const text = `SELECT id FROM ${items} ORDER BY embedding <=> $1::vector LIMIT 10`;
  const arm = (key: string): Arm => ({
    key,
    statement: { name: key, text },
    parameters: (q) => encoded[q]!,
    literals: (q) => [literal(vectorText(vector(q)))],
    settings: { 'hnsw.ef_search': '40' },
    indexes: ['graph'],
    checkPlan: (plan) => scanOf(plan, 'items', 'graph'),
  });
  const table: TableUnderTest = { schema: workspace.schema, name: 'items', indexes: ['graph'], quote: workspace.quote };
  const arms = [arm('base'), arm('other')];

  async function gate(seed: string, ratio: number): Promise<Outcome> {
    const logRatios: number[] = [];
    let timedMs = 0;
    for (let look = 1; ; look++) {
      const outcomes = await measureBlocks(
        session,
        table,
        arms,
        {
          queries: QUERIES,
          timedQueries: QUERIES,
          passes: (FIRST_PAIRS * BLOCK_QUERIES * 2 ** (look - 1)) / QUERIES,
          blockQueries: BLOCK_QUERIES,
          explained: [],
        },
        { clock: monotonicClock, random: createRandom(`${seed} ${look}`), onQueries: () => undefined },
      );
      const [base, other] = outcomes.map((outcome) => {
        if (outcome.status !== 'ok') throw new Error(outcome.reason.code);
        return outcome.latenciesMs;
      });
      const slowed = other!.map((ms) => ms * ratio);
      for (const times of [base!, slowed]) timedMs += times.reduce((sum, ms) => sum + ms, 0);
      logRatios.push(...blockLogRatios(base!, slowed, { blockSize: BLOCK_QUERIES }));
      const { verdict, shift } = lookAt(logRatios, look, DEFAULT_RULES);
      if (verdict !== 'undecided' || 2 * timedMs > BUDGET_MS) {
        return { verdict, looks: look, timedMs, shift: shift.value };
      }
    }
  }

  const before = loadavg()[0]!;
  const kinds = [
    { name: 'A/A', ratio: 1, times: equal },
    { name: '+5 %', ratio: 1 + SLOWDOWN, times: slower },
  ];
  const outcomes: Outcome[][] = [];
  for (const { name, ratio, times } of kinds) {
    const of: Outcome[] = [];
    for (let i = 0; i < times; i++) {
      of.push(await gate(`${name} ${i}`, ratio));
      process.stderr.write(`\r${name}: ${i + 1} of ${times}`);
    }
    process.stderr.write('\n');
    outcomes.push(of);
  }
  const cpu = `${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}`;
  process.stdout.write(`${cpu}, load ${before.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after\n\n`);
  process.stdout.write(
    '| | gates | slower | not slower | undecided | looks, median | timed s, median / most | sd of the shift |\n',
  );
  process.stdout.write('| --- | --: | --: | --: | --: | --: | --: | --: |\n');
  for (const [i, { name }] of kinds.entries()) process.stdout.write(row(name, outcomes[i]!));
  dataset.close();
  await workspace.drop();
}

function row(name: string, outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return '';
  const count = (verdict: GateVerdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const sorted = (of: (outcome: Outcome) => number): readonly number[] => outcomes.map(of).sort((a, b) => a - b);
  const seconds = sorted(({ timedMs }) => timedMs / 1000);
  const shifts = outcomes.map(({ shift }) => shift);
  const mean = shifts.reduce((sum, shift) => sum + shift, 0) / shifts.length;
  const sd = Math.sqrt(shifts.reduce((sum, shift) => sum + (shift - mean) ** 2, 0) / Math.max(1, shifts.length - 1));
  const cells = [
    name,
    outcomes.length,
    count('slower'),
    count('not slower'),
    count('undecided'),
    nearestRank(
      sorted(({ looks }) => looks),
      0.5,
    ),
    `${nearestRank(seconds, 0.5).toFixed(1)} / ${seconds.at(-1)!.toFixed(1)}`,
    `${(100 * sd).toFixed(2)} %`,
  ];
  return `| ${cells.join(' | ')} |\n`;
}
