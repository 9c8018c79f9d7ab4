import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BuildSample,
  expectedSpill,
  forecastPhase,
  judgeBuild,
  LOADING_TUPLES,
} from '../../src/capacity/index.js';
import { createRandom } from '../../src/random.js';

const sample = (more: Partial<BuildSample>): BuildSample => ({
  atMs: 0,
  pid: 7,
  database: 'db',
  command: 'CREATE INDEX',
  phase: LOADING_TUPLES,
  table: 'public.items',
  index: null,
  tableOid: 1,
  indexOid: 2,
  method: 'ivfflat',
  elapsedMs: 0,
  transactionBegan: null,
  tableRows: 40_000,
  blocks: { done: 0, total: 0 },
  tuples: { done: 0, total: 0 },
  partitions: { done: 0, total: 0 },
  wait: { type: null, event: null, blockerPid: null, blockerSeconds: null },
  ...more,
});

/** Looks at a build whose rows are done by `rowsAt(ms)`. */
const looks = (times: readonly number[], total: number, rowsAt: (ms: number) => number): BuildSample[] =>
  times.map((atMs) => sample({ atMs, tuples: { done: Math.min(total, rowsAt(atMs)), total } }));

const every = (ms: number, count: number): number[] => Array.from({ length: count }, (_, i) => ms * i);

describe('the time left', () => {
  it('is that of an even pace, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 60 }), fc.double({ min: 0.01, max: 10, noNaN: true }), (count, pace) => {
        const total = 100 * count * pace * 1000;
        const { leftMs, slowdown, share } = forecastPhase(looks(every(1000, count), total, (ms) => ms * pace));
        const left = total / pace - 1000 * (count - 1);
        expect(leftMs!.value / left).toBeCloseTo(1, 6);
        expect(leftMs!.low! / left).toBeCloseTo(1, 6);
        expect(leftMs!.high! / left).toBeCloseTo(1, 6);
        expect(slowdown).toBeNull();
        expect(share).toBeCloseTo((1000 * (count - 1) * pace) / total, 9);
      }),
      { seed: 1 },
    );
  });

  it('counts from the last change of pace on', () => {
    const rowsAt = (ms: number): number => (ms < 30_000 ? ms : 30_000 + (ms - 30_000) / 8);
    const { leftMs, slowdown, rowsPerSecond } = forecastPhase(looks(every(1000, 61), 60_000, rowsAt));
    expect(leftMs!.value).toBeCloseTo(8 * (60_000 - 33_750), 0);
    expect(Math.abs(slowdown! - 8)).toBeLessThan(0.4);
    expect(rowsPerSecond).toBeCloseTo(125, 0);
  });

  it.each([0, 60])('has an interval that covers, where the pace varies, also after it fell at row %i', (changesAt) => {
    const random = createRandom('paces');
    let covered = 0;
    const builds = 300;
    for (let build = 0; build < builds; build++) {
      let [done, at] = [0, 0];
      const seen: BuildSample[] = [];
      const total = 200;
      while (done < total) {
        seen.push(sample({ atMs: at, tuples: { done, total } }));
        done += 1;
        at += (done < changesAt ? 100 : 1000) * (0.5 + random.next());
      }
      const half = seen.slice(0, 120);
      const { leftMs } = forecastPhase(half);
      const left = at - half.at(-1)!.atMs;
      if (leftMs!.low! <= left && left <= leftMs!.high!) covered++;
    }
    expect(covered / builds).toBeGreaterThan(0.9);
  });

  it('is not told before anything moved, nor where nothing is counted', () => {
    expect(forecastPhase([sample({})]).leftMs).toBeNull();
    const still = looks([0, 1000, 2000], 10, () => 3);
    expect(forecastPhase(still).leftMs).toBeNull();
  });
});

describe('a real build that spilled', () => {
  const trace = JSON.parse(readFileSync(fileURLToPath(new URL('spilled-build.json', import.meta.url)), 'utf8')) as {
    blocksTotal: number;
    spillRow: number;
    looks: readonly { atMs: number; blocksDone: number; tuplesDone: number }[];
  };
  const samples = trace.looks.map(({ atMs, blocksDone, tuplesDone }) =>
    sample({
      atMs,
      method: 'hnsw',
      blocks: { done: blocksDone, total: trace.blocksTotal },
      tuples: { done: tuplesDone, total: 0 },
    }),
  );
  const until = (share: number): BuildSample[] =>
    samples.slice(0, samples.findIndex(({ blocks }) => blocks.done >= share * blocks.total) + 1);

  it.each([0.4, 0.45, 0.5])('is seen to be several times slower, and its pace is that since, at %f', (share) => {
    const seen = until(share);
    const { rowsPerSecond, slowdown } = forecastPhase(seen);
    expect(slowdown).toBeGreaterThan(2);
    const [before, now] = [seen.at(-6)!, seen.at(-1)!];
    const recent = (1000 * (now.tuples.done - before.tuples.done)) / (now.atMs - before.atMs);
    expect(rowsPerSecond! / recent).toBeGreaterThan(0.75);
    expect(rowsPerSecond! / recent).toBeLessThan(1.33);
  });

  it('is expected to spill where it did', () => {
    const facts = { type: 'vector', dimensions: 64, m: 16, parallelWorkers: 0, pgVersion: 15 } as const;
    const memory = { maintenanceWorkMemBytes: 12 * 1024 ** 2 };
    const early = expectedSpill({ ...facts, ...memory }, until(0.2).at(-1)!);
    expect(early!.row / trace.spillRow).toBeCloseTo(1, 2);
    expect(early!.passed).toBe(false);
    expect(expectedSpill({ ...facts, ...memory }, until(0.5).at(-1)!)!.passed).toBe(true);
    expect(expectedSpill({ ...facts, maintenanceWorkMemBytes: 1024 ** 3 }, until(0.5).at(-1)!)).toBeNull();
  });
});

describe('is it stuck?', () => {
  const wait = { type: 'Lock', event: 'virtualxid', blockerPid: 99, blockerSeconds: 3600 };

  it('waits for a transaction', () => {
    const phase = 'waiting for writers before build';
    const { state, phasesLeft } = judgeBuild([sample({ command: 'CREATE INDEX CONCURRENTLY', phase, wait })]);
    expect(state).toEqual({ code: 'waiting', data: { blockerPid: 99, blockerSeconds: 3600 } });
    expect(phasesLeft).toEqual([
      'building index: performing k-means',
      'building index: assigning tuples',
      'building index: loading tuples',
      'waiting for writers before validation',
      'index validation: scanning index',
      'index validation: sorting tuples',
      'index validation: scanning table',
      'waiting for old snapshots',
    ]);
  });

  it('progresses while a counter or the phase moves', () => {
    expect(judgeBuild(looks([0, 1000], 10, (ms) => ms / 1000)).state.code).toBe('progressing');
    expect(judgeBuild([sample({ phase: 'building index: assigning tuples' }), sample({ atMs: 1 })]).state.code).toBe(
      'progressing',
    );
  });

  it('works in a step without a counter, and is stalled only where one stands still and the backend waits', () => {
    const kMeans = { phase: 'building index: performing k-means' };
    expect(judgeBuild([sample(kMeans), sample({ ...kMeans, atMs: 9000 })]).state.code).toBe('working');
    const still = looks([0, 1000], 10, () => 3);
    expect(judgeBuild(still).state.code).toBe('working');
    const asleep = still.map((look) => ({
      ...look,
      wait: { ...wait, type: 'IO', event: 'DataFileRead', blockerPid: null },
    }));
    expect(judgeBuild(asleep).state).toEqual({
      code: 'stalled',
      data: { seconds: 1, waitEvent: 'IO/DataFileRead' },
    });
  });
});
