import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeFloat32 } from '../../../src/analysis/index.js';
import { createRandom } from '../../../src/random.js';
import { textOf, textsIn } from '../../../src/reports/index.js';
import type { Estimate } from '../../../src/results/index.js';
import type { Candidate } from '../../../src/tune/common/constraints.js';
import { compareCost, compareCosts } from '../../../src/tune/plain/compare-costs.js';
import { frontOf } from '../../../src/tune/plain/conclude.js';
import { pickBest, type TieBreak } from '../../../src/tune/plain/recommend.js';
import { isDefaultBuild } from '../../../src/tune/plain/space.js';
import type { IndexSpec } from '../../../src/vocabulary.js';
import { buildRecord, builtIndex, measured, pointRecord } from '../../support/records.js';

const MB = 1024 ** 2;
const BLOCK = 50;

const hnsw = (m: number, efConstruction = 64): IndexSpec => ({
  method: 'hnsw',
  representation: 'vector',
  parameters: { m, ef_construction: efConstruction },
});
const ivfflat: IndexSpec = { method: 'ivfflat', representation: 'vector', parameters: { lists: 200 } };
const exact: IndexSpec = { method: 'none', representation: 'vector', parameters: {} };

const tie: TieBreak = {
  tableBytes: 30 * MB,
  isDefault: ({ build }) => isDefaultBuild(build.request.spec, 10_000),
};

interface Given {
  readonly spec: IndexSpec;
  /** Median; its blocks share the state of the machine with those of the others. */
  readonly ms: number;
  readonly buffers?: number;
  readonly indexBytes?: number;
  readonly buildSeconds?: number;
  readonly blocks?: number;
  /** How many times as long a tenth of the queries takes: with a deviation of its logarithm from block to block. */
  readonly slow?: { readonly times: number; readonly deviation: number };
  /** Of p95, as each shows it alone. */
  readonly p95?: Estimate;
  readonly seed?: string;
  /** When it was measured; what is measured together begins together. */
  readonly startedAt?: string;
}

/** An arm of twenty-eight blocks, interleaved with the other arms. */
function candidate({ spec, ms, buffers = 400, indexBytes = 10 * MB, buildSeconds = 5, ...given }: Given): Candidate {
  const { slow = { times: 1, deviation: 0 } } = given;
  const { blocks = 28, seed = JSON.stringify(spec), p95 = { value: 2 * ms, low: 1.5 * ms, high: 3 * ms } } = given;
  const machine = createRandom('machine');
  const own = createRandom(seed);
  const latencies = Array.from({ length: blocks }, () => Math.exp(0.25 * machine.normal())).flatMap((state) => {
    const tail = slow.times * Math.exp(slow.deviation * (slow.deviation > 0 ? own.normal() : 0));
    return Array.from(
      { length: BLOCK },
      (_, i) => ms * state * (i % 10 === 0 ? tail : 1) * Math.exp(0.1 * own.normal()),
    );
  });
  const build = buildRecord({
    request: { spec },
    seconds: spec.method === 'none' ? 0 : buildSeconds,
    index: spec.method === 'none' ? null : builtIndex({ bytes: indexBytes }),
  });
  const figures = measured({ medianMs: ms, buffers });
  const point = pointRecord({
    request: { build: build.key },
    ...(given.startedAt === undefined ? {} : { startedAt: given.startedAt }),
    measured: {
      ...figures,
      latencyMs: { ...figures.latencyMs, quantiles: [{ p: 0.95, estimate: p95, needs: 72 }] },
      samples: { ...figures.samples, blockQueries: BLOCK, latencyMs: encodeFloat32(latencies) },
    },
  });
  return { build, point, measured: point.measured! };
}

const best = (...candidates: readonly Candidate[]): IndexSpec =>
  pickBest(candidates, 'p95', tie)[0]!.build.request.spec;

describe('the best of several', () => {
  it('is told by pairs of blocks where the intervals of each alone overlap', () => {
    // Seen: 3.27 against 2.84 ms, intervals that overlap, a paired ratio of 1.16 [1.14, 1.18].
    const slower = candidate({ spec: ivfflat, ms: 3.27, buffers: 100, indexBytes: 5 * MB, buildSeconds: 1 });
    const quicker = candidate({ spec: hnsw(16), ms: 2.84 });
    expect(best(slower, quicker)).toEqual(hnsw(16));
    const comparison = compareCost(slower, quicker, 'p95');
    expect(comparison).toMatchObject({ verdict: 'more', pairs: 28, margin: 0.05 });
    expect(comparison.ratio).toBeGreaterThan(1.12);
    expect(comparison.low).toBeGreaterThan(1.05);
    expect(comparison.high).toBeLessThan(1.2);
  });

  it('is told by the figure that is the goal: tails that may differ are not equivalent for equal medians', () => {
    const steady = candidate({ spec: hnsw(16), ms: 1, slow: { times: 3, deviation: 0 } });
    const jumpy = candidate({ spec: ivfflat, ms: 1, slow: { times: 3, deviation: 0.5 } });
    const tails = compareCost(jumpy, steady, 'p95');
    expect(tails.verdict).toBe('undecided');
    expect(tails.high! / tails.low).toBeGreaterThan(1.1);
    // A tenth that takes three times as long makes the mean a fifth longer, and the median no longer at all.
    const even = candidate({ spec: ivfflat, ms: 1 });
    expect(compareCost(steady, even, 'p95').verdict).toBe('more');
    expect(compareCost(steady, even, 'throughput')).toMatchObject({ verdict: 'more' });
    expect(compareCost(steady, even, 'throughput').ratio).toBeCloseTo(1.2, 1);
  });

  it('is not an exact scan that reads twenty times the pages, though it takes no bytes', () => {
    const scan = candidate({ spec: exact, ms: 1, buffers: 8000 });
    expect(best(scan, candidate({ spec: hnsw(24), ms: 1 }))).toEqual(hnsw(24));
    // One that reads no more is rid of an index.
    expect(best(candidate({ spec: exact, ms: 1, buffers: 400 }), candidate({ spec: hnsw(24), ms: 1 }))).toEqual(exact);
  });

  it('does not take six times the build, nor 40 % more index, for 6 % fewer buffers', () => {
    const usual = { spec: hnsw(12), ms: 1, buffers: 500, indexBytes: 10 * MB, buildSeconds: 10 };
    const fewer = { ...usual, spec: hnsw(24, 256), buffers: 470 };
    expect(best(candidate({ ...fewer, buildSeconds: 60 }), candidate(usual))).toEqual(usual.spec);
    expect(best(candidate({ ...fewer, indexBytes: 16.7 * MB }), candidate(usual))).toEqual(usual.spec);
    expect(best(candidate(fewer), candidate(usual))).toEqual(fewer.spec);
  });

  it('weighs the build where times decide nothing and buffers are within 5 %', () => {
    const usual = { spec: hnsw(16), ms: 1.1, buffers: 510, indexBytes: 4.32 * MB, buildSeconds: 3.7, blocks: 5 };
    const fewer = { ...usual, spec: hnsw(16, 256), ms: 1, buffers: 488, buildSeconds: 11.9 };
    const [one, other] = [candidate(usual), candidate(fewer)];
    expect(compareCost(one, other, 'p95').verdict).toBe('undecided');
    expect(best(one, other)).toEqual(usual.spec);
    // Beyond that, buffers decide: of the least, not of the one that seemed the quickest.
    expect(best(candidate({ ...usual, buffers: 520 }), other)).toEqual(fewer.spec);
    const least = { ...fewer, spec: hnsw(12, 256), ms: 1.05, buffers: 480, buildSeconds: 12 };
    expect(best(one, other, candidate(least))).toEqual(least.spec);
  });

  it('is the default build where nothing is worth leaving it', () => {
    const usual = candidate({ spec: hnsw(16), ms: 1, buffers: 420 });
    expect(best(candidate({ spec: hnsw(24), ms: 1, buffers: 400 }), usual)).toEqual(hnsw(16));
    expect(best(candidate({ spec: hnsw(24), ms: 1, buffers: 300 }), usual)).toEqual(hnsw(24));
  });

  it('takes what is not shown to be equivalent for no equal', () => {
    // Too few blocks for an interval: by itself each p95 is known to a half.
    const few = candidate({ spec: ivfflat, ms: 1.2, buffers: 10, blocks: 5 });
    const usual = candidate({ spec: hnsw(24), ms: 1, blocks: 5 });
    expect(compareCost(few, usual, 'p95')).toMatchObject({ verdict: 'undecided', pairs: 0 });
    expect(best(few, usual)).toEqual(hnsw(24));
  });

  it('takes blocks of another moment for no pairs, though they are as many', () => {
    // A setting that other builds made step up is measured after its rivals.
    const later = { spec: hnsw(16), ms: 1.3, startedAt: '2026-01-01T00:10:00.000Z' };
    const rival = candidate({ spec: hnsw(24), ms: 1 });
    expect(compareCost(candidate(later), rival, 'p95')).toMatchObject({ verdict: 'undecided', pairs: 0 });
    expect(compareCost(candidate({ ...later, startedAt: rival.point.startedAt }), rival, 'p95').pairs).toBe(28);
  });

  it('does less work within a method where times decide nothing', () => {
    const noisy = { spec: hnsw(24), blocks: 5, p95: { value: 2, low: 1, high: 4 } };
    const more = candidate({ ...noisy, ms: 0.98, buffers: 600, p95: { ...noisy.p95, value: 1.9 } });
    const less = candidate({ ...noisy, ms: 1, buffers: 400 });
    expect(pickBest([more, less], 'p95', tie)[0]).toBe(less);
  });

  it('is told with one level for all comparisons: among many, what one alone would show is not shown', () => {
    // Eight blocks that are all slower happen by chance once in 128 times.
    const at = (spec: IndexSpec, ms: number): Candidate => candidate({ spec, ms, blocks: 8 });
    const base = at(hnsw(16), 1);
    const slower = at(hnsw(24), 1.2);
    const others = Array.from({ length: 10 }, (_, i) => at(hnsw(30 + i), 1));
    const [alone] = compareCosts([slower], base, 'p95');
    const [among] = compareCosts([slower, ...others], base, 'p95');
    expect([alone!.verdict, among!.verdict]).toEqual(['more', 'undecided']);
    expect(among).toEqual({ ...alone, verdict: 'undecided' });
  });

  it('does not depend on the order of the candidates, and ranks each once', () => {
    // What is equal in all that breaks ties stays as it was given.
    const given = fc.uniqueArray(
      fc.record({
        ms: fc.double({ min: 0.8, max: 1.3, noNaN: true }),
        buffers: fc.integer({ min: 100, max: 5000 }),
        indexBytes: fc.integer({ min: 1, max: 100 * MB }),
        buildSeconds: fc.integer({ min: 0, max: 1000 }),
      }),
      {
        minLength: 1,
        maxLength: 5,
        selector: ({ buffers, indexBytes, buildSeconds }) => [buffers, indexBytes, buildSeconds].join(' '),
      },
    );
    fc.assert(
      fc.property(given, fc.string(), (figures, seed) => {
        const candidates = figures.map((one, i) => candidate({ ...one, spec: hnsw(8 + i), blocks: 8 }));
        const ranked = pickBest(candidates, 'index_bytes', tie);
        const other = pickBest(createRandom(seed).shuffle([...candidates]), 'index_bytes', tie);
        expect(new Set(ranked)).toEqual(new Set(candidates));
        expect(ranked.map(({ build }) => build.index?.bytes)).toEqual(other.map(({ build }) => build.index?.bytes));
        const bytes = ranked.map(({ build }) => build.index!.bytes);
        expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
        const byTime = pickBest(candidates, 'p95', tie);
        expect(new Set(byTime)).toEqual(new Set(candidates));
        expect(pickBest(createRandom(seed).shuffle([...candidates]), 'p95', tie)).toEqual(byTime);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is said of a comparison', () => {
  const text = (comparison: ReturnType<typeof compareCost>): string =>
    textOf(textsIn('en').grounds, { code: 'runner-up', data: { comparison } });

  it('has no digits for a difference that nobody sees', () => {
    const bytes = (indexBytes: number) => candidate({ spec: hnsw(8), ms: 1, indexBytes });
    const [less, more] = [bytes(100 * MB - 1), bytes(100 * MB)];
    expect(text(compareCost(more, less, 'index_bytes'))).toContain('index size is less than 0.01 % higher');
    expect(text(compareCost(less, more, 'index_bytes'))).toContain('index size is less than 0.01 % lower');
  });

  it('never contradicts its own figures', () => {
    const arm = (spec: IndexSpec) =>
      fc.record({
        ms: fc.double({ min: 0.5, max: 2, noNaN: true }),
        buffers: fc.integer({ min: 1, max: 5000 }),
        indexBytes: fc.integer({ min: 1, max: 100 * MB }),
        buildSeconds: fc.integer({ min: 1, max: 1000 }),
        blocks: fc.constantFrom(3, 8, 28),
        seed: fc.string(),
        spec: fc.constantFrom(spec, exact),
      });
    const goals = ['p95', 'throughput', 'buffers', 'index_bytes', 'build_seconds'] as const;
    fc.assert(
      fc.property(arm(hnsw(8)), arm(ivfflat), fc.constantFrom(...goals), (a, b, goal) => {
        const comparison = compareCost(candidate(a), candidate({ ...b, blocks: a.blocks }), goal);
        const { verdict, ratio, low, high, margin } = comparison;
        const said = text(comparison);
        expect(said).not.toMatch(/NaN|undefined|Infinity/);
        expect(/ higher/.test(said)).toBe(verdict === 'more');
        expect(/ lower/.test(said)).toBe(verdict === 'less');
        if (ratio !== null) {
          expect(low).toBeLessThanOrEqual(ratio);
          expect(high ?? Infinity).toBeGreaterThanOrEqual(ratio);
        }
        if (verdict === 'more') expect(low).toBeGreaterThan(1);
        if (verdict === 'less') expect(high).toBeLessThan(1);
        if (verdict === 'equivalent') {
          expect(low).toBeGreaterThanOrEqual(1 / (1 + margin));
          expect(high).toBeLessThanOrEqual(1 + margin);
        }
        // No share of what is above, or below, is negative.
        expect(said).not.toMatch(/-\d/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what else could be chosen', () => {
  const confirmed = candidate({ spec: hnsw(16), ms: 1 });
  const unconfirmed = (given: Given, queries: number): Candidate => {
    const { build, point } = candidate(given);
    const request = { ...point.request, purpose: 'search' as const, queries };
    const searched = pointRecord({ ...point, request });
    return { build, point: searched, measured: searched.measured! };
  };

  it('keeps what was measured side by side beside a lucky look', () => {
    const lucky = unconfirmed({ spec: hnsw(24), ms: 0.5, indexBytes: MB, buildSeconds: 1 }, 100);
    expect(frontOf([confirmed, lucky])).toEqual([confirmed, lucky]);
    const unlucky = unconfirmed({ spec: hnsw(24), ms: 2, indexBytes: 20 * MB, buildSeconds: 50 }, 100);
    expect(frontOf([confirmed, unlucky])).toEqual([confirmed]);
  });

  it('has one row a setting, with the best evidence there is of it', () => {
    const looks = [100, 333, 167].map((queries) => unconfirmed({ spec: hnsw(24), ms: 0.5 }, queries));
    expect(frontOf(looks)).toEqual([looks[1]]);
    const again = unconfirmed({ spec: hnsw(16), ms: 0.5 }, 900);
    expect(frontOf([again, confirmed])).toEqual([confirmed]);
  });
});
