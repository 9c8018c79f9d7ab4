/*
 * Does the comparison of arms tell equal from slower? On one backend of a local server, in alternating blocks as every
 * point of pgvtune is measured, two arms at a time: identical ones (A/A), ef_search 44 against 40, and one whose every
 * query takes 5 % longer. Prints, as Markdown, how far the ratio of two equal arms spreads, how often the gate cries
 * wolf, and how often it sees what is there.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/aa.js [repetitions=200] [queries=2000] [rows=30000] [dimensions=128] [comparisons=3]
 *
 * `queries` are those of one arm in one repetition; the gate needs 500 of them before it can alarm at all. Of the
 * comparisons the first ones are made, in the order above: 1 is the A/A alone.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareBlocks, type Comparison, judgeSlowdown, nearestRank } from '../src/analysis/index.js';
import { type Arm, type ArmSamples, measureBlocks, monotonicClock } from '../src/measure/index.js';
import { openServer, type Session } from '../src/postgres/index.js';
import { createRandom } from '../src/random.js';
import { openMeasuredTable } from './measured-table.js';

const [repetitions = 200, queries = 2000, rows = 30_000, dimensions = 128, comparisons = 3] = process.argv
  .slice(2)
  .map(Number);
const BLOCK_QUERIES = 50;
/** The gate: a median ratio above 3 %, and a probability of less than one in a thousand that it is chance. */
const GATE = { margin: 0.03, alpha: 0.001 };
const SLOWDOWN = 0.05;

const folder = await mkdtemp(join(tmpdir(), 'pgvtune-bench-'));
const server = await openServer('local', { run: 'aa', signal: new AbortController().signal, note: () => undefined });
try {
  await main();
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const measured = await openMeasuredTable(server, { name: 'aa', folder, rows, dimensions, queries });
  const { session, workspace, table, arm } = measured;
  const base = arm('base', 40);
  const others = [arm('same', 40), arm('ef 44', 44), arm('delayed', 40)].slice(0, comparisons);

  const delaying = slowDown(session, 'delayed');
  const measure = async (other: Arm, seed: string, explainQueries: number): Promise<readonly ArmSamples[]> => {
    const outcomes = await measureBlocks(
      delaying,
      table,
      [base, other],
      {
        queries,
        timedQueries: queries,
        passes: 1,
        blockQueries: BLOCK_QUERIES,
        explained: Array.from({ length: explainQueries }, (_, query) => query),
      },
      { clock: monotonicClock, random: createRandom(seed), onQueries: () => undefined },
    );
    return outcomes.map((outcome) => {
      if (outcome.status !== 'ok') throw new Error(outcome.reason.code);
      return outcome;
    });
  };

  const pilot = await measure(arm('ef 44', 44), 'pilot', 100);
  const [same, more] = pilot.map(({ buffersHit }) => buffersHit.reduce((sum, hit) => sum + hit, 0));
  const loadBefore = loadavg()[0]!;

  const outcomes: Outcome[][] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const repeated: Outcome[] = [];
    for (const other of others) {
      const [a, b] = (await measure(other, `${other.key} ${repetition}`, 0)).map(({ latenciesMs }) => latenciesMs);
      repeated.push({
        medianMs: medianOf(a!),
        comparison: compareBlocks(a!, b!, { blockSize: BLOCK_QUERIES }),
        medianRatio: medianOf(b!) / medianOf(a!),
      });
    }
    outcomes.push(repeated);
    process.stderr.write(`\r${repetition + 1} of ${repetitions}`);
  }
  process.stderr.write('\n');

  const [facts] = await session.query<{ version: string }>("SELECT current_setting('server_version') AS version");
  const version = facts?.version ?? '?';
  report({ outcomes, buffersRatio: more! / same!, version, load: [loadBefore, loadavg()[0]!] });
  await workspace.drop();
}

/** What became of the base and one other arm in a repetition. */
interface Outcome {
  /** Of the base. */
  readonly medianMs: number;
  readonly comparison: Comparison;
  /** The plain ratio of the arms' medians. */
  readonly medianRatio: number;
}

/** A session whose queries of one statement take longer by a part of them: the thread spins, as a slow server would wait. */
function slowDown(session: Session, name: string): Session {
  return {
    ...session,
    backendPid: session.backendPid,
    async execute(statement, values, options) {
      const start = monotonicClock.now();
      const result = await session.execute(statement, values, options);
      if (statement.name === name) {
        const end = monotonicClock.now();
        const until = end + SLOWDOWN * (end - start);
        while (monotonicClock.now() < until);
      }
      return result;
    },
  };
}

function medianOf(values: Float64Array): number {
  return nearestRank(values.slice().sort(), 0.5);
}

function report(result: {
  /** Of each repetition, one for each of the other arms. */
  readonly outcomes: readonly (readonly Outcome[])[];
  readonly buffersRatio: number;
  readonly version: string;
  readonly load: readonly [number, number];
}): void {
  const { outcomes, buffersRatio, version, load } = result;
  const n = outcomes.length;
  const names = [
    'identical (A/A)',
    `ef_search 44 v 40 (buffers ${percent(buffersRatio - 1)})`,
    'delay of 5 % in every query',
  ].slice(0, comparisons);
  const lines = names.map((name, arm) => {
    const comparisons = outcomes.map((of) => of[arm]!.comparison);
    const ratios = comparisons.map(({ ratio }) => ratio.value);
    const verdicts = comparisons.map((comparison) => judgeSlowdown(comparison, GATE));
    const share = (verdict: string): string => `${verdicts.filter((one) => one === verdict).length} of ${n}`;
    const seen = comparisons.filter(({ pSlower }) => pSlower < 0.05).length;
    return [
      name,
      percent(medianOf(Float64Array.from(ratios)) - 1),
      percent(sd(ratios.map(Math.log))),
      percent(Math.max(...ratios.map((ratio) => Math.abs(Math.log(ratio))))),
      percent(sd(outcomes.map((of) => Math.log(of[arm]!.medianRatio)))),
      share('slower'),
      share('not slower'),
      share('inconclusive'),
      `${seen} of ${n}`,
    ];
  });
  const header = [
    'arms',
    'median ratio',
    'SD of ratio',
    'largest',
    'SD, plain',
    'slower',
    'not slower',
    'inconclusive',
    'p < 0.05',
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const medians = outcomes.flatMap((of) => of.map(({ medianMs }) => medianMs));
  process.stdout.write(
    [
      `${n} repetitions of ${queries} queries an arm (${Math.ceil(queries / BLOCK_QUERIES)} pairs of blocks); ${rows.toLocaleString('en-US')} × ${dimensions} rows, HNSW 16/64, k = 10.`,
      `Median of the base ${Math.min(...medians).toFixed(3)} to ${Math.max(...medians).toFixed(3)} ms.`,
      `PostgreSQL ${version}, ${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}, load ${load[0].toFixed(1)} to ${load[1].toFixed(1)}, Node ${process.version}.`,
      '',
      line(header),
      line(header.map((_, column) => (column === 0 ? '---' : '--:'))),
      ...lines.map(line),
      '',
    ].join('\n'),
  );
}

function percent(share: number): string {
  return `${share >= 0 ? '' : '−'}${(Math.abs(share) * 100).toFixed(2)} %`;
}

function sd(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
