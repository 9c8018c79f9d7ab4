/*
 * How often a recommendation is wrong by more than 5 %: over the recorded grids, with a bootstrap of the queries and noise
 * of the times. A wrong one has no recall that reaches the target over the population of queries, or its true time is more
 * than 5 % above that of the quickest choice that was measured beside it and reaches the target. Prints Markdown.
 *
 *   npx tsc -p benchmarks && node dist-benchmarks/benchmarks/decisions.js [replays=20]
 *
 * Times are not recorded: a buffer stands for a microsecond, one of IVFFlat for up to eight, drawn anew for each replay, so
 * that methods compete and buffers do not tell which of them is the quicker one. To every block of 50 queries comes what was
 * seen on a busy machine: a state of the machine that all arms of the block share, and noise of each arm. `before`:
 * candidates were equal where the intervals of their p95 overlapped, and fewer buffers, or bytes between methods, broke the
 * tie.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { latencyQuantile, encodeFloat32, summariseLatency } from '../src/analysis/index.js';
import { createRandom, type Random } from '../src/random.js';
import { pickBest, type TieBreak } from '../src/tune/plain/recommend.js';
import { isDefaultBuild } from '../src/tune/plain/space.js';
import { type Candidate, indexBytes } from '../src/tune/common/constraints.js';
import { buildRecord, builtIndex, measured, pointRecord } from '../test/support/records.js';
import { readGrid, type RecordedGrid } from './grid-file.js';
import { fullBuilds, settleAll } from './outcome.js';
import { mean, type Replay, replayOf } from './replay.js';

const GRIDS = join(import.meta.dirname, '..', '..', 'benchmarks', 'grids');
const TARGETS = [0.9, 0.95, 0.98];
const REPLAYS = Number(process.argv[2] ?? 20);
const QUERIES = 1000;
const PASSES = 2;
const BLOCK = 50;
/** Candidates that are measured side by side, the cheapest of the grid: more would be told apart too easily. */
const FINALISTS = 4;
const WRONG = 0.05;

/** Standard deviations of logarithms: of the machine from block to block, of an arm in a block, of a query, of a round trip. */
interface Noise {
  readonly machine: number;
  readonly arm: number;
  readonly query: number;
  readonly trip: number;
}
const NOISES: Readonly<Record<string, Noise>> = {
  quiet: { machine: 0.05, arm: 0.01, query: 0.3, trip: 0.1 },
  busy: { machine: 0.3, arm: 0.05, query: 0.3, trip: 0.2 },
  crowded: { machine: 0.6, arm: 0.15, query: 0.3, trip: 0.4 },
};

/** What a buffer of IVFFlat is worth beside one of a graph, at most: its pages hold more rows to compare with. */
const DEAREST_PAGE = 8;

/** A finalist, and what it truly is. */
interface Finalist {
  readonly candidate: Candidate;
  /** Its true time, in microseconds. */
  readonly cost: number;
  readonly reaches: boolean;
}

function finalistsOf(
  grid: RecordedGrid,
  target: number,
  { replay, random, noise }: { readonly replay: Replay; readonly random: Random; readonly noise: Noise },
): readonly Finalist[] {
  const from = Math.round(replay.queries / 3);
  const queries = replay.queries - from;
  const price = DEAREST_PAGE ** random.next();
  const chosen = settleAll(grid, target, replay)
    .map((choice) => ({ ...choice, cost: choice.point.buffers * (choice.build.spec.method === 'ivfflat' ? price : 1) }))
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, FINALISTS);
  const blocks = Math.ceil(queries / BLOCK);
  const states = Array.from({ length: blocks * PASSES }, () => Math.exp(noise.machine * random.normal()));
  const own = Array.from({ length: queries }, () => Math.exp(noise.query * random.normal()));
  return chosen.map(({ build, point, cost }) => {
    const ms = cost / 1000;
    const latencies = Array.from({ length: PASSES }, (_, pass) => pass).flatMap((pass) => {
      const levels = Array.from(
        { length: blocks },
        (_, block) => states[pass * blocks + block]! * Math.exp(noise.arm * random.normal()),
      );
      return own.map(
        (query, i) => ms * levels[Math.floor(i / BLOCK)]! * query * Math.exp(noise.trip * random.normal()),
      );
    });
    const record = buildRecord({
      request: { spec: build.spec },
      seconds: build.seconds,
      index: builtIndex({ bytes: build.bytes }),
    });
    const figures = measured({ medianMs: ms, buffers: point.buffers });
    const pointed = pointRecord({
      request: { build: record.key, settings: point.settings, queries, from },
      measured: {
        ...figures,
        latencyMs: summariseLatency(latencies, { blockSize: BLOCK, queries }),
        samples: { ...figures.samples, blockQueries: BLOCK, latencyMs: encodeFloat32(latencies) },
      },
    });
    const candidate = { build: record, point: pointed, measured: pointed.measured! };
    return { candidate, cost, reaches: replay.recall(point) >= target };
  });
}

/** As candidates were ranked before: equal where the intervals of p95 overlap. */
function pickBefore(candidates: readonly Candidate[]): Candidate {
  const p95 = ({ measured: figures }: Candidate) => latencyQuantile(figures, 0.95)!.estimate!;
  const cheapest = candidates.reduce((a, b) => (p95(b).value < p95(a).value ? b : a));
  const equals = candidates.filter(
    (one) => one === cheapest || (p95(one).low ?? 0) <= (p95(cheapest).high ?? Infinity),
  );
  return equals.reduce((a, b) => {
    const isOneMethod = a.build.request.spec.method === b.build.request.spec.method;
    const [ofA, ofB] = isOneMethod
      ? [a.measured.buffers.mean.value, b.measured.buffers.mean.value]
      : [indexBytes(a.build), indexBytes(b.build)];
    return ofB < ofA ? b : a;
  });
}

interface Tally {
  cases: number;
  slow: number;
  short: number;
  /** Slow, or short, or both. */
  wrong: number;
  excess: number[];
  build: number[];
  bytes: number[];
}

const WAYS = ['before', 'now'] as const;

function main(): void {
  const tallies = new Map<string, Tally>();
  for (const file of readdirSync(GRIDS)) {
    const grid = readGrid(join(GRIDS, file));
    const { rows, dimensions, dataset } = grid.header;
    if (fullBuilds(grid).length < 2) continue;
    const tie: TieBreak = {
      tableBytes: rows * (4 * dimensions + 40),
      isDefault: ({ build }) => isDefaultBuild(build.request.spec, rows),
    };
    for (const target of TARGETS) {
      for (const [name, noise] of Object.entries(NOISES)) {
        for (let number = 0; number < REPLAYS; number++) {
          const random = createRandom(`decisions ${dataset} ${target} ${name} ${number}`);
          const replay = replayOf(grid, random, { queries: QUERIES, rowsBudget: null });
          const finalists = finalistsOf(grid, target, { replay, random, noise });
          if (finalists.length < 2) continue;
          const candidates = finalists.map(({ candidate }) => candidate);
          const least = Math.min(...finalists.filter(({ reaches }) => reaches).map(({ cost }) => cost));
          const cheapest = finalists.reduce((a, b) => (b.cost < a.cost ? b : a));
          for (const way of WAYS) {
            const picked = way === 'now' ? pickBest(candidates, 'p95', tie)[0]! : pickBefore(candidates);
            const { cost, reaches } = finalists.find(({ candidate }) => candidate === picked)!;
            const key = `${name} | ${way}`;
            const tally = tallies.get(key) ?? {
              cases: 0,
              slow: 0,
              short: 0,
              wrong: 0,
              excess: [],
              build: [],
              bytes: [],
            };
            tallies.set(key, tally);
            tally.cases++;
            const isSlow = cost > (1 + WRONG) * least;
            if (isSlow) tally.slow++;
            if (!reaches) tally.short++;
            if (isSlow || !reaches) tally.wrong++;
            tally.excess.push(cost / least - 1);
            tally.build.push(picked.build.seconds / cheapest.candidate.build.seconds);
            tally.bytes.push(indexBytes(picked.build) / indexBytes(cheapest.candidate.build));
          }
        }
      }
    }
  }
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  console.log(
    '| machine | ranking | decisions | wrong | slower by > 5 % | recall short | mean excess | build | index |',
  );
  console.log('| --- | --- | --: | --: | --: | --: | --: | --: | --: |');
  for (const [key, { cases, slow, short, wrong, excess, build, bytes }] of tallies) {
    const finite = excess.filter((one) => Number.isFinite(one));
    console.log(
      `| ${[key, cases, percent(wrong / cases), percent(slow / cases), percent(short / cases), percent(mean(finite)), mean(build).toFixed(2), mean(bytes).toFixed(2)].join(' | ')} |`,
    );
  }
}

main();
