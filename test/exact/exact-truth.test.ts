import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { exactTruth, rowBitmap } from '../../src/exact/index.js';
import { createRandom } from '../../src/random.js';
import { metricSchema, type Matrix } from '../../src/vocabulary.js';
import { matrix, memoryDataset, randomMatrix, vectorOf } from './memory-dataset.js';
import { expectNaive } from './naive.js';

const metrics = metricSchema.options;

/** Small whole numbers: many equal vectors and equal distances. */
const coarse = (rows: number, dimensions: number, seed: string): Matrix => {
  const random = createRandom(seed);
  return matrix(
    rows,
    dimensions,
    Array.from({ length: rows * dimensions }, () => random.int(3) - 1),
  );
};

describe.each(metrics)('exact neighbours by %s', (metric) => {
  it.each([1, 3, 4, 5, 17, 768, 1536])('are what sorting all distances gives, in %i dimensions', async (dimensions) => {
    const base = randomMatrix(150, dimensions, `base ${dimensions}`);
    const queries = randomMatrix(5, dimensions, `queries ${dimensions}`);
    const truth = await exactTruth(memoryDataset(base, queries), { metric, k: 10 });
    expectNaive(truth, base, queries, metric);
  });

  it('hold for any shape, ties and duplicates included', async () => {
    const shape = fc.record({
      rows: fc.integer({ min: 1, max: 90 }),
      dimensions: fc.integer({ min: 1, max: 20 }),
      queries: fc.integer({ min: 1, max: 5 }),
      k: fc.integer({ min: 1, max: 120 }),
      blockRows: fc.integer({ min: 1, max: 100 }),
      seed: fc.string(),
    });
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, dimensions, queries, k, blockRows, seed }) => {
        const base = coarse(rows, dimensions, `${seed} base`);
        const asked = coarse(queries, dimensions, `${seed} queries`);
        const truth = await exactTruth(memoryDataset(base, asked, { blockRows, hash: seed }), { metric, k });
        expectNaive(truth, base, asked, metric);
      }),
      { numRuns: 40 },
    );
  });

  it('are found by row filters that differ from query to query', async () => {
    const base = randomMatrix(330, 24, 'filtered base');
    const queries = randomMatrix(9, 24, 'filtered queries');
    // All rows, every third, one alone, a run of rows, none.
    const conditions = [
      () => true,
      (row: number) => row % 3 === 0,
      (row: number) => row === 300,
      (row: number) => row < 50,
      () => false,
    ];
    const filter = {
      bitmaps: conditions.map((condition) => rowBitmap(base.rows, condition)),
      ofQuery: Int32Array.from({ length: queries.rows }, (_, query) => (query * 2) % conditions.length),
    };
    const dataset = memoryDataset(base, queries, { blockRows: 128 });
    const truth = await exactTruth(dataset, { metric, k: 12, filter });
    expectNaive(truth, base, queries, metric, (query, row) => conditions[filter.ofQuery[query]!]!(row));
    expect([...truth.expected].sort((a, b) => a - b)[0]).toBe(0);
  });
});

describe('hostile data', () => {
  const offset = (values: Matrix, by: number, factor: number): Matrix =>
    matrix(
      values.rows,
      values.dimensions,
      values.values.map((value) => by + factor * value),
    );
  const noise = randomMatrix(160, 96, 'noise');
  const asked = randomMatrix(8, 96, 'asked');
  const data: Record<string, readonly [Matrix, Matrix]> = {
    'far from the origin, close together': [offset(noise, 1000, 1), offset(asked, 1000, 1)],
    'near-duplicates': [offset(noise, 1, 1e-6), offset(asked, 1, 1e-6)],
    'almost no length': [offset(noise, 0, 1e-25), offset(asked, 0, 1e-25)],
    'squares of about the smallest float32': [offset(noise, 0, 2e-23), offset(asked, 0, 2e-23)],
    'subnormal numbers': [offset(noise, 0, 1e-42), offset(asked, 0, 1e-42)],
    'products that cancel': [
      matrix(
        160,
        96,
        noise.values.map((value, i) => (i % 2 === 0 ? 1000 : -1000) + value / 1000),
      ),
      offset(asked, 1000, 0.001),
    ],
    'sums beyond float32 that cancel': [
      matrix(
        160,
        96,
        noise.values.map((value, i) => (i % 96 < 48 ? -1e19 : 1e19) * (1 + value / 10)),
      ),
      matrix(
        8,
        96,
        asked.values.map((value) => 1e19 * (1 + value / 10)),
      ),
    ],
    'squares beyond float32': [offset(noise, 0, 1e25), offset(asked, 0, 1e25)],
    'norms of all sizes': [
      matrix(
        160,
        96,
        noise.values.map((value, i) => value * 10 ** ((Math.floor(i / 96) % 13) - 6)),
      ),
      asked,
    ],
    'zero vectors among others': [
      matrix(
        160,
        96,
        noise.values.map((value, i) => (i % 960 < 96 ? 0 : value)),
      ),
      asked,
    ],
    'nothing but equal vectors': [
      matrix(
        160,
        96,
        Array.from({ length: 160 * 96 }, (_, i) => i % 96),
      ),
      asked,
    ],
  };
  it.each(metrics.flatMap((metric) => Object.keys(data).map((name) => [metric, name] as const)))(
    'loses no neighbour by %s: %s',
    async (metric, name) => {
      const [base, queries] = data[name]!;
      const truth = await exactTruth(memoryDataset(base, queries), { metric, k: 20 });
      expectNaive(truth, base, queries, metric);
    },
  );
});

describe('without SIMD', () => {
  it('the plain kernel finds the same', async () => {
    const engine = Reflect.get(globalThis, 'WebAssembly') as { validate: (binary: Uint8Array) => boolean };
    const validate = vi.spyOn(engine, 'validate').mockReturnValue(false);
    onTestFinished(() => validate.mockRestore());
    const base = randomMatrix(90, 13, 'plain base');
    const queries = randomMatrix(3, 13, 'plain queries');
    for (const metric of metrics) {
      const truth = await exactTruth(memoryDataset(base, queries), { metric, k: 9 });
      expectNaive(truth, base, queries, metric);
    }
    expect(validate).toHaveBeenCalledTimes(2 * metrics.length);
  });
});

describe('threads', () => {
  const base = randomMatrix(6000, 1024, 'threads base');
  const queries = randomMatrix(7, 1024, 'threads queries');
  const filter = {
    bitmaps: [rowBitmap(6000, (row) => row % 5 === 0), rowBitmap(6000, (row) => row > 3000)],
    ofQuery: Int32Array.from([0, 1, 0, 0, 1, 0, 0]),
  };

  it.each([
    ['', {}],
    [', with filters', { filter }],
  ])('find what the calling thread finds, over several blocks%s', async (_, options) => {
    const dataset = (hash: string) => memoryDataset(base, queries, { hash });
    const alone = await exactTruth(dataset('alone'), { metric: 'cosine', k: 30, workers: 0, ...options });
    const threads = await exactTruth(dataset('threads'), { metric: 'cosine', k: 30, workers: 3, ...options });
    expect(threads).toEqual(alone);
    expect(alone.expected.every((expected) => expected === 30)).toBe(true);
  });

  it('report progress up to the last row', async () => {
    const seen: [number, number][] = [];
    const onProgress = (done: number, total: number) => void seen.push([done, total]);
    await exactTruth(memoryDataset(base, queries), { metric: 'ip', k: 1, workers: 2, onProgress });
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted(([a], [b]) => a - b));
    expect(seen.at(-1)).toEqual([6000, 6000]);
  });

  it.each([0, 2])('stop when the signal is aborted (%i workers), and nothing is cached', async (workers) => {
    const controller = new AbortController();
    let blocks = 0;
    const dataset = memoryDataset(base, queries, {
      blockRows: 100,
      onBlock: () => {
        if (++blocks === 5) controller.abort();
      },
    });
    const options = { metric: 'l2', k: 3, workers, signal: controller.signal } as const;
    await expect(exactTruth(dataset, options)).rejects.toMatchObject({ code: 'interrupted' });
    expect(blocks).toBe(5);
    await expect(exactTruth(dataset, options)).rejects.toMatchObject({ code: 'interrupted' });
    const truth = await exactTruth(dataset, { ...options, signal: new AbortController().signal });
    expect(truth.queries).toBe(7);
  });

  it('pass on what the dataset throws', async () => {
    const dataset = memoryDataset(base, queries, {
      onBlock: () => {
        throw new RangeError('the disk is gone');
      },
    });
    await expect(exactTruth(dataset, { metric: 'l2', k: 3, workers: 2 })).rejects.toThrow('the disk is gone');
  });
});

it('queries beyond the memory that there is are refused', async () => {
  const queries = { rows: 1, dimensions: 16_000, values: new Float32Array(16_000) };
  const many = new Int32Array(70_000);
  const answer = exactTruth(memoryDataset(matrix(1, 16_000, new Float32Array(16_000)), queries), {
    metric: 'l2',
    k: 1,
    queries: many,
  });
  await expect(answer).rejects.toMatchObject({ code: 'environment', hint: expect.stringContaining('fewer queries') });
});

describe('the question', () => {
  const base = randomMatrix(40, 6, 'question base');
  const queries = randomMatrix(10, 6, 'question queries');

  it('may name some of the queries, in any order', async () => {
    const named = [7, 2, 2, 9];
    const truth = await exactTruth(memoryDataset(base, queries), { metric: 'l2', k: 4, queries: named });
    const asked = matrix(
      4,
      6,
      named.flatMap((query) => [...vectorOf(queries, query)]),
    );
    expectNaive(truth, base, asked, 'l2');
  });

  it.each([
    [{ k: 0 }, 'Expected k to be a positive integer, got 0.'],
    [{ k: 1.5 }, 'Expected k to be a positive integer, got 1.5.'],
    [{ k: 1, queries: [3, 10] }, 'Expected query numbers below 10, got 10.'],
    [{ k: 1, queries: [-1] }, 'Expected query numbers below 10, got -1.'],
    [
      { k: 1, filter: { bitmaps: [new Uint8Array(5)], ofQuery: new Int32Array(9) } },
      'Expected a filter for each of 10 queries, got 9.',
    ],
    [
      { k: 1, filter: { bitmaps: [new Uint8Array(5)], ofQuery: new Int32Array(10).fill(1) } },
      'Expected filter numbers below 1, got 1.',
    ],
    [
      { k: 1, filter: { bitmaps: [new Uint8Array(4)], ofQuery: new Int32Array(10) } },
      'Expected bitmaps of 5 bytes for 40 rows, got 4.',
    ],
  ])('is refused when it does not fit (%#)', async (options, message) => {
    const answer = exactTruth(memoryDataset(base, queries), { metric: 'l2', ...options });
    await expect(answer).rejects.toMatchObject({ code: 'usage', message });
  });
});
