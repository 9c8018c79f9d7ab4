import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  buildSecondsFrom,
  fitGrowth,
  GROWTH_FIGURES,
  type GrowthFacts,
  growthPlan,
  type GrowthPoint,
  holdOut,
  measuredFigure,
  priceMachines,
  rowsThatFit,
} from '../../src/capacity/index.js';
import { growthFacts } from '../../src/capacity/growth/from-run.js';
import { predictBuildSeconds, predictIndex } from '../../src/indexes/index.js';
import { createRandom, type Random } from '../../src/random.js';
import { buildRecord, pointRecord, throughputFigures, throughputRecord } from '../support/records.js';
import { manifest } from '../support/run-manifest.js';
import { targetFor } from '../support/spaces.js';

const CONTEXT = { modelledBytes: (rows: number): number => 2000 * rows };
const SIZES = [20_000, 40_000, 80_000, 160_000, 320_000];

/** Sizes that follow the laws, with noise of so much. */
function sizes(random: Random | null, noise: number, knobPower = 0.29): GrowthPoint[] {
  const normal = (): number => (random ? random.normal() * noise : 0);
  return SIZES.map((rows) => {
    const knob = 20 * (rows / 20_000) ** knobPower * Math.exp(normal());
    return {
      rows,
      buildSeconds: 1e-5 * rows * Math.log(rows) * Math.exp(normal()),
      spilled: false,
      indexBytes: 2000 * rows,
      knob,
      isLowest: false,
      buffers: 30 * knob,
      p50Ms: 0.1 + 0.02 * knob * Math.exp(normal()),
      p95Ms: 0.1 + 0.05 * knob * Math.exp(normal()),
      floorMs: 0.1,
    };
  });
}

describe('a law', () => {
  it('goes through sizes that follow it, and beyond', () => {
    const points = sizes(null, 0);
    for (const figure of ['indexBytes', 'knob', 'buffers'] as const) {
      const law = fitGrowth(figure, points, CONTEXT)!;
      for (const point of points) expect(law.at(point.rows).value / measuredFigure(figure, point)!).toBeCloseTo(1, 1);
    }
    expect(fitGrowth('knob', points, CONTEXT)!.at(3_200_000).value / (20 * 160 ** 0.29)).toBeCloseTo(1, 1);
  });

  it('is the prior’s with one size, and the data’s with five that are far apart', () => {
    const points = sizes(null, 0, 0.1);
    expect(fitGrowth('knob', points.slice(0, 1), CONTEXT)!.power).toBeCloseTo(0.2, 6);
    const wide = SIZES.map((rows, i) => ({ ...points[i]!, rows: rows * 40 ** i, knob: 20 * 1.3 ** i }));
    expect(fitGrowth('knob', wide, CONTEXT)!.power).toBeCloseTo(Math.log(1.3) / Math.log(80), 2);
  });

  it('widens with the distance from the data', () => {
    const law = fitGrowth('buffers', sizes(createRandom('widen'), 0.05), CONTEXT)!;
    const width = (rows: number): number => law.at(rows).high / law.at(rows).low;
    fc.assert(
      fc.property(fc.integer({ min: 320_000, max: 1e8 }), fc.integer({ min: 2, max: 50 }), (rows, times) => {
        expect(width(rows * times)).toBeGreaterThan(width(rows));
      }),
      { seed: 1 },
    );
  });

  it('has 90 % intervals that cover what it predicts four times beyond', () => {
    const random = createRandom('coverage');
    let [covered, tests] = [0, 0];
    for (let run = 0; run < 200; run++) {
      for (const test of holdOut(sizes(random, 0.08, 0.29 + 0.08 * random.normal()), CONTEXT)) {
        if (test.figure === 'indexBytes') continue;
        tests++;
        if (test.covered) covered++;
      }
    }
    expect(tests).toBe(200 * (GROWTH_FIGURES.length - 1));
    expect(covered / tests).toBeGreaterThan(0.85);
    expect(covered / tests).toBeLessThan(0.99);
  });

  it('leaves sizes at the lowest setting out, for they cost more than the recall needs', () => {
    const points = sizes(null, 0).map((point, i) =>
      i < 3 ? { ...point, isLowest: true, knob: 10, buffers: 1000 } : point,
    );
    expect(fitGrowth('knob', points, CONTEXT)!.sizes).toBe(2);
    expect(holdOut(points, CONTEXT).map(({ figure }) => figure)).toEqual(['indexBytes', 'buildSeconds']);
    const low = points.map((point) => ({ ...point, isLowest: true }));
    expect(fitGrowth('knob', low, CONTEXT)).toBeNull();
    expect(fitGrowth('buffers', low.slice(0, 1), CONTEXT)!.power).toBeCloseTo(0.08, 6);
  });

  it('leaves builds that spilled to another law', () => {
    const points = sizes(null, 0).map((point, i) => (i === 4 ? { ...point, spilled: true, buildSeconds: 1e6 } : point));
    expect(fitGrowth('buildSeconds', points, CONTEXT)!.sizes).toBe(4);
    expect(holdOut(points, CONTEXT).map(({ figure }) => figure)).not.toContain('buildSeconds');
  });
});

const facts = (more: Partial<GrowthFacts> = {}): GrowthFacts => ({
  points: sizes(null, 0),
  spec: { method: 'hnsw', representation: 'vector', parameters: { m: 16, ef_construction: 64 } },
  dimensions: 384,
  target: { recall: 0.95, confidence: 0.95, minimise: 'p95' },
  server: {
    pgVersion: 16,
    pgvector: '0.8.6',
    maintenanceWorkMemBytes: 64 * 1024 ** 3,
    maxParallelMaintenanceWorkers: 2,
    sharedBuffersBytes: 1024 ** 3,
    memoryBytes: 16 * 1024 ** 3,
    cores: 4,
  },
  loads: [
    { clients: 1, ratePerSecond: 100 },
    { clients: 2, ratePerSecond: 190 },
    { clients: 4, ratePerSecond: 340 },
  ],
  readMs: 0.1,
  ...more,
});

describe('the plan', () => {
  it('says what binds first, and orders what comes after', () => {
    const { limits, horizons } = growthPlan(
      facts({ target: { recall: 0.95, confidence: 0.95, minimise: 'p95', p95Ms: 2.5 } }),
      {
        toRows: 1e9,
      },
    );
    expect(limits.map(({ code }) => code)).toEqual(expect.arrayContaining(['p95', 'memory', 'build_memory']));
    const rows = limits.map((limit) => limit.rows);
    expect(rows).toEqual(rows.toSorted((a, b) => a - b));
    const memory = limits.find(({ code }) => code === 'memory')!;
    // Four vectors of 384 dimensions to a page of 8 kB: 12 GB hold 6.3 million.
    expect(memory.rows / 6.28e6).toBeCloseTo(1, 1);
    const after = horizons.filter((horizon) => horizon.rows > memory.rows);
    expect(after.length).toBeGreaterThan(0);
    for (const horizon of after) expect(horizon.p50WithReadsMs!).toBeGreaterThan(horizon.figures.p50Ms!.value);
    expect(horizons.filter(({ rows: at }) => at < memory.rows).every((one) => one.p50WithReadsMs === null)).toBe(true);
  });

  it('has no limit where nothing ends, and never one beyond what was asked', () => {
    expect(growthPlan(facts(), { toRows: 400_000 }).limits).toEqual([]);
    for (const { rows } of growthPlan(facts(), { toRows: 1e8, peakPerSecond: 50 }).limits)
      expect(rows).toBeLessThan(1e8);
  });

  it('divides the rows among servers where each would stay within its memory, and not for the rate alone', () => {
    const { servers, limits } = growthPlan(facts(), { toRows: 100_000_000 });
    const memory = limits.find(({ code }) => code === 'memory')!;
    expect(servers).toBe(
      Math.ceil(
        100_000_000 / Math.min(memory.rows, ...limits.filter(({ code }) => code === 'knob').map(({ rows }) => rows)),
      ),
    );
    expect(servers).toBeGreaterThan(1);
    const alone = growthPlan(facts(), { toRows: 2_000_000, peakPerSecond: 1000 });
    expect(alone.limits.map(({ code }) => code)).toEqual(['peak']);
    expect(alone.servers).toBeNull();
  });

  it('tells build time only while a build fits its memory', () => {
    const small = facts({ server: { ...facts().server, maintenanceWorkMemBytes: 2 * 1024 ** 3 } });
    for (const { spills, figures } of growthPlan(small, { toRows: 1e8 }).horizons) {
      expect(figures.buildSeconds === undefined).toBe(spills);
    }
  });

  it('finds the rows at which the peak is no longer served', () => {
    const limit = growthPlan(facts(), { toRows: 1e9, peakPerSecond: 200 }).limits.find(({ code }) => code === 'peak')!;
    const p50 = fitGrowth('p50Ms', facts().points, CONTEXT)!;
    expect((340 * p50.at(320_000).value) / p50.at(limit.rows).value / 200).toBeCloseTo(1, 1);
  });

  it('keeps less and holds more', () => {
    const { fits } = growthPlan(facts(), {});
    const [vector, halfvec, bit] = fits.map(({ rows }) => rows);
    expect(halfvec).toBeGreaterThan(vector!);
    expect(bit).toBeGreaterThan(halfvec!);
  });

  it('prices the machines that hold the index before those that do not', () => {
    const machine = (name: string, gigabytes: number, month: number) => ({
      name,
      cores: 4,
      memoryBytes: gigabytes * 1024 ** 3,
      month,
    });
    const { machines } = growthPlan(facts(), {
      toRows: 3_000_000,
      peakPerSecond: 500,
      machines: [machine('small', 4, 50), machine('large', 64, 400), machine('fitting', 16, 100)],
    });
    expect(machines.map(({ name, fits }) => [name, fits])).toEqual([
      ['fitting', true],
      ['large', true],
      ['small', false],
    ]);
    const [first] = machines;
    expect(first!.totalMonth).toBe(first!.servers * 100);
    expect(first!.servers * first!.ratePerSecond).toBeGreaterThanOrEqual(500);
  });
});

describe('prices', () => {
  it('are those of a month over the queries of a month at the peak', () => {
    const [plan] = priceMachines([{ name: 'a', cores: 10, memoryBytes: 1e12, month: 263 }], {
      peakPerSecond: 70,
      ratePerCore: 10,
      workingSetBytes: 1,
      cacheShare: 0.75,
    });
    expect(plan).toMatchObject({ servers: 1, fits: true, ratePerSecond: 70, totalMonth: 263 });
    expect(plan!.perMillion).toBeCloseTo(263 / (70 * 30.44 * 0.0864), 6);
  });
});

describe('rows that fit', () => {
  it('are the most whose size is within the bound', () => {
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e9, noNaN: true }), fc.integer({ min: 1, max: 5000 }), (bytes, each) => {
        const rows = rowsThatFit(bytes, (n) => n * each);
        expect(rows * each).toBeLessThanOrEqual(bytes);
        expect((rows + 1 + rows * 2e-4) * each).toBeGreaterThan(bytes);
      }),
      { seed: 1 },
    );
  });
});

it('takes a load that was disturbed as it was measured once more', () => {
  const build = buildRecord();
  const point = pointRecord();
  const closed = (concurrency: number, rate: number, repeat?: number) =>
    throughputRecord({
      request: { mode: { kind: 'closed', concurrency, seconds: 1, ...(repeat === undefined ? {} : { repeat }) } },
      measured: throughputFigures({ ratePerSecond: { value: rate, low: rate, high: rate } }),
    });
  const { spec } = build.request;
  const size = { rows: 30_000, build: build.key, knob: 40, isLowest: false, point: point.key };
  const answer = { kind: 'capacity', spec, recall: 0.95, sizes: [size], cold: null, sustainedRates: [] } as const;
  const records = [
    build,
    point,
    closed(1, 1000),
    closed(2, 700),
    closed(1, 990, 1),
    closed(2, 1900, 1),
    {
      type: 'answer' as const,
      key: 'answer' as const,
      finishedAt: point.startedAt,
      answer: { ...answer, sizes: [...answer.sizes], sustainedRates: [] },
    },
  ];
  expect(growthFacts({ manifest: { ...manifest('local'), target: targetFor() }, records })?.loads).toEqual([
    { clients: 1, ratePerSecond: 990 },
    { clients: 2, ratePerSecond: 1900 },
  ]);
});

describe('times of builds by a run', () => {
  const at = {
    method: 'hnsw',
    dimensions: 768,
    parameters: { m: 16, ef_construction: 64 },
    parallelWorkers: 2,
    spillRow: null,
  };

  it('follow the law of what was built, and the model for other indexes', () => {
    const measured = facts();
    const { spec, dimensions, points } = measured;
    const seconds = buildSecondsFrom(measured);
    const law = fitGrowth('buildSeconds', points, CONTEXT)!;
    const rows = 2_000_000;
    const parallelWorkers = predictIndex({
      ...measured.server,
      rows: points.at(-1)!.rows,
      dimensions,
      spec,
    }).parallelWorkers;
    const same = { ...at, rows, dimensions, parameters: spec.parameters, parallelWorkers };
    expect(seconds(same)!.value).toBeCloseTo(law.at(rows).value, 6);
    expect(seconds({ ...same, dimensions: 2 * dimensions })!.value).toBeGreaterThan(1.3 * seconds(same)!.value);
    expect(seconds({ ...same, spillRow: rows / 2 })!.value).toBeGreaterThan(3 * seconds(same)!.value);
    const { low, high } = seconds(same)!;
    expect(high / low).toBeLessThan(5);
    const other = { ...at, method: 'ivfflat', rows, parameters: { lists: 1000 } };
    expect(seconds(other)).toEqual(predictBuildSeconds(other));
  });
});
