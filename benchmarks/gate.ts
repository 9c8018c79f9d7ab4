/*
 * Does the nightly gate tell equal from slower? On one backend of a local server two identical arms are measured in
 * alternating blocks. Then whole gates are drawn from the recorded pairs, in runs of neighbouring pairs so that what the
 * machine did for a while stays together, and decided by the rules of `pgvtune gate`: as they are (A/A, with whatever sets the
 * second arm apart), and with the times of the second arm multiplied by 1.05. Prints, as Markdown, alarms, misses, and
 * how much timed work it took to decide.
 *
 * Before that, gates over made-up pairs of known spread.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/gate.js [pairs=2000, 0: simulate only] [equal=300] [slower=300] [rows=30000] [dimensions=128]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { blockLogRatios, nearestRank } from '../src/analysis/index.js';
import { measureBlocks, monotonicClock } from '../src/measure/index.js';
import { BLOCK_QUERIES, DEFAULT_RULES, type GateVerdict, lookAt, pairsOf } from '../src/nightly/gate/decide.js';
import { openServer } from '../src/postgres/index.js';
import { createRandom, type Random } from '../src/random.js';
import { openMeasuredTable } from './measured-table.js';

const [pairs = 2000, equal = 300, slower = 300, rows = 30_000, dimensions = 128] = process.argv.slice(2).map(Number);
const QUERIES = 1000;
const SLOWDOWN = 0.05;
/** Neighbouring pairs that are drawn together. */
const RUN = 20;
/** Of timed queries, both sides together. */
const BUDGET_MS = 60_000;
const SIMULATED = 1000;
/** Of a simulated gate: 620 pairs of blocks. */
const MOST_LOOKS = 5;

process.stdout.write(simulated());
if (pairs > 0) await onServer();

async function onServer(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pgvtune-bench-'));
  const server = await openServer('local', {
    run: 'gate',
    signal: new AbortController().signal,
    note: () => undefined,
  });
  try {
    await main(server, folder);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whole gates over made-up pairs: normal, and one in twenty half as slow or as fast again. */
function simulated(): string {
  const lines = [
    '| sd of a pair | | gates | slower | not slower | undecided | pairs, median / p95 |',
    '| --: | --- | --: | --: | --: | --: | --: |',
  ];
  for (const sd of [0.03, 0.05, 0.1, 0.2]) {
    for (const slowdown of [0, SLOWDOWN]) {
      const random = createRandom(`${sd} ${slowdown}`);
      const draw = (): number => {
        const burst = random.next() < 0.05 ? (random.next() < 0.5 ? 0.4 : -0.4) : 0;
        return Math.log1p(slowdown) + sd * random.normal() + burst;
      };
      const gates = Array.from({ length: SIMULATED }, () => simulatedGate(draw));
      const count = (verdict: GateVerdict): number => gates.filter((one) => one.verdict === verdict).length;
      const taken = gates.map((one) => one.pairs).sort((a, b) => a - b);
      lines.push(
        `| ${100 * sd} % | ${slowdown === 0 ? 'A/A' : '+5 %'} | ${SIMULATED} | ${count('slower')} | ${count('not slower')} | ${count('undecided')} | ${nearestRank(taken, 0.5)} / ${nearestRank(taken, 0.95)} |`,
      );
    }
  }
  return `${lines.join('\n')}\n\n`;
}

function simulatedGate(draw: () => number): { readonly verdict: GateVerdict; readonly pairs: number } {
  const logRatios: number[] = [];
  for (let look = 1; ; look++) {
    for (let i = 0; i < pairsOf(look); i++) logRatios.push(draw());
    const { verdict } = lookAt(logRatios, look, DEFAULT_RULES);
    if (verdict !== 'undecided' || look === MOST_LOOKS) return { verdict, pairs: logRatios.length };
  }
}

/** Two blocks of the same queries, one of each arm. */
interface Pair {
  readonly logRatio: number;
  /** Of both blocks together. */
  readonly ms: number;
}

/** What became of one gate. */
interface Outcome {
  readonly verdict: GateVerdict;
  readonly looks: number;
  readonly timedMs: number;
  readonly shift: number;
}

async function main(server: Awaited<ReturnType<typeof openServer>>, folder: string): Promise<void> {
  const shape = { rows, dimensions, queries: QUERIES };
  const { session, workspace, table, arm } = await openMeasuredTable(server, { name: 'gate', folder, ...shape });
  const arms = [arm('base', 40), arm('other', 40)];

  const recorded: Pair[] = [];
  const before = loadavg()[0]!;
  for (let round = 0; recorded.length < pairs; round++) {
    const outcomes = await measureBlocks(
      session,
      table,
      arms,
      { queries: QUERIES, timedQueries: QUERIES, passes: 1, blockQueries: BLOCK_QUERIES, explained: [] },
      { clock: monotonicClock, random: createRandom(`round ${round}`), onQueries: () => undefined },
    );
    const [base, other] = outcomes.map((outcome) => {
      if (outcome.status !== 'ok') throw new Error(outcome.reason.code);
      return outcome.latenciesMs;
    });
    const logRatios = blockLogRatios(base!, other!, { blockSize: BLOCK_QUERIES });
    for (const [block, logRatio] of logRatios.entries()) {
      const of = [base!, other!].map((times) => times.subarray(block * BLOCK_QUERIES, (block + 1) * BLOCK_QUERIES));
      recorded.push({ logRatio, ms: of.flatMap((times) => [...times]).reduce((sum, ms) => sum + ms, 0) });
    }
    process.stderr.write(`\r${recorded.length} of ${pairs} pairs`);
  }
  process.stderr.write('\n');
  const kinds = [
    { name: 'A/A', ratio: 1, times: equal },
    { name: '+5 %', ratio: 1 + SLOWDOWN, times: slower },
  ];
  const outcomes: Outcome[][] = [];
  for (const { name, ratio, times } of kinds) {
    const of: Outcome[] = [];
    for (let i = 0; i < times; i++) {
      of.push(gate(recorded, createRandom(`${name} ${i}`), ratio));
    }
    outcomes.push(of);
  }
  const cpu = `${cpus().length} × ${cpus()[0]?.model.trim() ?? '?'}`;
  const sd = spreadOf(recorded.map(({ logRatio }) => logRatio));
  process.stdout.write(
    `${cpu}, ${recorded.length} pairs of blocks, sd of the log ratio of a pair ${(100 * sd).toFixed(1)} %, load ${before.toFixed(1)} before and ${loadavg()[0]!.toFixed(1)} after\n\n`,
  );
  process.stdout.write(
    '| | gates | slower | not slower | undecided | looks, median | timed s, median / most | sd of the shift |\n',
  );
  process.stdout.write('| --- | --: | --: | --: | --: | --: | --: | --: |\n');
  for (const [i, { name }] of kinds.entries()) process.stdout.write(row(name, outcomes[i]!));
  await workspace.drop();
}

function row(name: string, outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return '';
  const count = (verdict: GateVerdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const sorted = (of: (outcome: Outcome) => number): readonly number[] => outcomes.map(of).sort((a, b) => a - b);
  const seconds = sorted(({ timedMs }) => timedMs / 1000);
  const shifts = outcomes.map(({ shift }) => shift);
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
    `${(100 * spreadOf(shifts)).toFixed(2)} %`,
  ];
  return `| ${cells.join(' | ')} |\n`;
}

/** A gate over runs of neighbouring pairs, drawn with replacement. */
function gate(recorded: readonly Pair[], random: Random, ratio: number): Outcome {
  const logRatios: number[] = [];
  let timedMs = 0;
  for (let look = 1; ; look++) {
    for (let run = 0; run < pairsOf(look) / RUN; run++) {
      const from = random.int(recorded.length - RUN + 1);
      for (const { logRatio, ms } of recorded.slice(from, from + RUN)) {
        logRatios.push(logRatio + Math.log(ratio));
        timedMs += ms;
      }
    }
    const { verdict, shift } = lookAt(logRatios, look, DEFAULT_RULES);
    const nextMs = (timedMs * pairsOf(look + 1)) / logRatios.length;
    if (verdict !== 'undecided' || timedMs + nextMs > BUDGET_MS) {
      return { verdict, looks: look, timedMs, shift: shift.value };
    }
  }
}

function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}
