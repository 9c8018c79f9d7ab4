import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGrid } from '../../benchmarks/grid-file.js';
import { predictBuildSeconds } from '../../src/indexes/index.js';
import { planTable, type PlanQuestion } from '../../src/capacity/index.js';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

const question = (more: Partial<PlanQuestion>): PlanQuestion => ({
  rows: 1_000_000,
  dimensions: 1536,
  columnType: 'vector',
  storage: 'external',
  columns: [],
  methods: ['hnsw'],
  stored: [{ representation: 'vector' }],
  parameters: {},
  settings: {},
  k: 10,
  maintenanceWorkMemBytes: 16 * GIB,
  maxParallelMaintenanceWorkers: 7,
  maxParallelWorkers: 8,
  concurrentBuilds: 1,
  machine: {},
  ...more,
});

describe('what people reported', () => {
  // https://github.com/pgvector/pgvector/issues/370; MB as pg_size_pretty counts them.
  it.each([
    [900_000, 1280, 'vector', 16, 7036],
    [900_000, 1280, 'vector', 2, 7043],
    [990_000, 1536, 'vector', 16, 7734],
    [990_000, 1536, 'halfvec', 16, 3867],
  ] as const)('%i × %i as %s, m=%i: an index of %i MB', (rows, dimensions, representation, m, megabytes) => {
    const plan = planTable(question({ rows, dimensions, stored: [{ representation }], parameters: { m } }));
    expect(plan.candidates[0]!.bytes / MIB / megabytes).toBeCloseTo(1, 2);
  });

  it('40M × 768 under 80 GB spill near row 22,880,331, which leaves 43 % of the rows', () => {
    const [index] = planTable(
      question({ rows: 40_000_000, dimensions: 768, maintenanceWorkMemBytes: 80 * GIB }),
    ).candidates;
    expect(index!.build!.spillRow! / 22_880_331).toBeCloseTo(1, 4);
    expect(index!.spilledShare).toBeCloseTo(0.428, 3);
  });
});

describe('the inverse questions', () => {
  it('find rows and m at the edge of what fits', () => {
    const [index] = planTable(question({ rows: 3_000_000, maintenanceWorkMemBytes: 16 * GIB })).candidates;
    const { rows, parameter, otherwise } = index!.inMemory!;
    const spill = (more: Partial<PlanQuestion>) => planTable(question(more)).candidates[0]!.build!.spillRow;
    expect(spill({ rows: rows! })).toBeNull();
    expect(spill({ rows: rows! + 1 })).toBe(rows);
    for (const { type, rows: most } of otherwise) {
      expect(spill({ rows: most, stored: [{ representation: type }] })).toBeNull();
      expect(spill({ rows: most + 1, stored: [{ representation: type }] })).toBe(most);
    }
    expect(parameter).toEqual({ name: 'm', largest: null });
    const [smaller] = planTable(question({ rows: 2_400_000 })).candidates;
    const m = smaller!.inMemory!.parameter.largest!;
    expect(spill({ rows: 2_400_000, parameters: { m } })).toBeNull();
    expect(spill({ rows: 2_400_000, parameters: { m: m + 1 } })).not.toBeNull();
  });

  it('find the most lists that do not end in an error', () => {
    const fails = (lists: number) =>
      planTable(question({ methods: ['ivfflat'], parameters: { lists }, maintenanceWorkMemBytes: GIB })).candidates[0]!
        .build!.fails;
    const [index] = planTable(question({ methods: ['ivfflat'], maintenanceWorkMemBytes: GIB })).candidates;
    const { name, largest } = index!.inMemory!.parameter;
    expect(name).toBe('lists');
    expect([fails(largest!), fails(largest! + 1)]).toEqual([false, true]);
  });
});

describe('what a build is recommended', () => {
  it('keeps it in memory, and no more', () => {
    const [index] = planTable(question({ machine: { memoryBytes: 64 * GIB, cores: 16 } })).candidates;
    const { maintenanceWorkMemBytes, workers, fitsMachine } = index!.advice!;
    const again = planTable(question({ maintenanceWorkMemBytes })).candidates[0]!;
    expect(again.build!.spillRow).toBeNull();
    const spare = maintenanceWorkMemBytes - index!.build!.neededMaintenanceWorkMemBytes;
    expect(spare).toBeGreaterThanOrEqual(0);
    expect(spare).toBeLessThan(64 * MIB);
    expect([workers, fitsMachine]).toEqual([15, true]);
  });

  it('says how many servers hold the index', () => {
    const servers = (memory: number) =>
      planTable(question({ machine: { memoryBytes: memory * GIB } })).candidates[0]!.inService;
    // 7.63 GB.
    expect(servers(16)).toEqual({ cacheBytes: 12 * GIB, servers: 1 });
    expect(servers(4)).toEqual({ cacheBytes: 3 * GIB, servers: 3 });
    expect(planTable(question({})).candidates[0]!.inService).toBeNull();
  });

  it('shares the machine among builds that run at once', () => {
    const [index] = planTable(
      question({ concurrentBuilds: 4, machine: { memoryBytes: 32 * GIB, cores: 16 } }),
    ).candidates;
    expect(index!.advice).toMatchObject({ workers: 3, fitsMachine: false });
    expect(index!.resources!.heldMemoryOfAllBytes).toBe(64 * GIB);
  });
});

it('states what it takes as given, and nothing of what it was told', () => {
  const codes = (more: Partial<PlanQuestion>) => planTable(question(more)).assumptions.map(({ code }) => code);
  const always = ['distinct-vectors', 'fresh-table', 'wal-without-page-images'];
  expect(codes({})).toEqual(['postgresql-version', 'pgvector-newest', ...always]);
  expect(codes({ pgVersion: 15, pgvector: '0.8.0' })).toEqual(always);
  expect(codes({ pgVersion: 15 })).toContain('pgvector-newest');
  const body = { name: 'body', type: 'text', averageBytes: 900, index: null } as const;
  expect(codes({ columns: [body] })).toContain('text-uncompressed');
  expect(codes({ columns: [body] })).not.toContain('gin-estimate');
  const searched = { ...body, index: { method: 'gin', lexemes: 80, vocabulary: null } } as const;
  expect(codes({ columns: [searched] })).toContain('gin-estimate');
  expect(codes({ maxParallelMaintenanceWorkers: 9 })).toContain('workers-bounded');
  expect(codes({ maxParallelMaintenanceWorkers: 8 })).not.toContain('workers-bounded');
});

describe('a comparison', () => {
  it('has every method with every representation, and says what is not possible', () => {
    const plan = planTable(
      question({
        dimensions: 3000,
        methods: ['hnsw', 'ivfflat', 'none'],
        stored: [{ representation: 'vector' }, { representation: 'halfvec' }],
        parameters: { m: 8, lists: 500 },
      }),
    );
    expect(plan.candidates.map(({ spec }) => [spec.method, spec.representation, spec.parameters])).toEqual([
      ['hnsw', 'halfvec', { m: 8, ef_construction: 64 }],
      ['ivfflat', 'halfvec', { lists: 500 }],
      ['none', 'vector', {}],
    ]);
    expect(plan.impossible.map(({ method }) => method)).toEqual(['hnsw', 'ivfflat']);
  });

  it('keeps of a halfvec column what the column has', () => {
    const [index] = planTable(question({ columnType: 'halfvec' })).candidates;
    expect(index!.spec.representation).toBe('halfvec');
    expect(() =>
      planTable(question({ columnType: 'halfvec', stored: [{ representation: 'subvector', dimensions: 8 }] })),
    ).toThrow('column of type vector only');
  });
});

describe('the time of a build', () => {
  const secondsOf = (more: Partial<PlanQuestion>) => planTable(question(more)).candidates[0]!.buildSeconds;

  it('grows with rows, dimensions and parameters, and shrinks with workers and memory', () => {
    const usual = secondsOf({})!;
    expect(usual.low).toBeLessThan(usual.value);
    expect(usual.high).toBeGreaterThan(usual.value);
    expect(secondsOf({ rows: 2_000_000 })!.value).toBeGreaterThan(1.9 * usual.value);
    expect(secondsOf({ dimensions: 256 })!.value).toBeLessThan(usual.value / 3);
    expect(secondsOf({ parameters: { ef_construction: 256 } })!.value).toBeGreaterThan(1.5 * usual.value);
    expect(secondsOf({ maxParallelMaintenanceWorkers: 0 })!.value).toBeGreaterThan(3 * usual.value);
    const spilled = secondsOf({ maintenanceWorkMemBytes: 1 * GIB })!;
    expect(spilled.value).toBeGreaterThan(3 * usual.value);
    expect(spilled.high / spilled.value).toBeGreaterThan(usual.high / usual.value);
    expect(secondsOf({ methods: ['none'] })).toBeNull();
  });

  // Recorded builds of 1,250 to 40,000 rows; the model was fitted to them.
  it('of recorded builds lies in the interval', () => {
    const folder = join(import.meta.dirname, '../../benchmarks/grids');
    const builds = readdirSync(folder).flatMap((file) => {
      const grid = readGrid(join(folder, file));
      return grid.builds.map((build) => ({ ...build, dimensions: build.spec.dimensions ?? grid.header.dimensions }));
    });
    const covered = builds.filter(({ spec, rows, dimensions, seconds }) => {
      const { method, parameters } = spec;
      const span = predictBuildSeconds({ method, rows, dimensions, parameters, parallelWorkers: 0, spillRow: null })!;
      return span.low <= seconds && seconds <= span.high;
    });
    expect(builds.length).toBeGreaterThan(350);
    expect(covered.length / builds.length).toBeGreaterThan(0.9);
  });
});
