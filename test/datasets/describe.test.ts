import { describe, expect, it } from 'vitest';
import { describeDataset } from '../../src/datasets/index.js';
import { estimateGeometry } from '../../src/datasets/describe/geometry.js';
import { distanceSpread } from '../../src/datasets/describe/distance-spread.js';
import { guessLanguage } from '../../src/datasets/describe/language.js';
import { remarksOn } from '../../src/datasets/describe/remarks.js';
import { createRandom } from '../../src/random.js';
import { datasetOf } from './support.js';

/** Points spread evenly over a cube of some dimensions that is turned into a space of 32. */
function cube(intrinsic: number, rows: number): { rows: number; dimensions: number; values: Float32Array } {
  const random = createRandom(`cube ${intrinsic}`);
  const dimensions = 32;
  const axes = Array.from({ length: intrinsic }, () => Array.from({ length: dimensions }, () => random.normal()));
  const values = new Float32Array(rows * dimensions);
  for (let row = 0; row < rows; row++) {
    for (const axis of axes) {
      const along = random.next();
      for (let i = 0; i < dimensions; i++) values[row * dimensions + i]! += along * axis[i]!;
    }
  }
  return { rows, dimensions, values };
}

describe('estimateGeometry', () => {
  it.each([
    [1, 0.15],
    [2, 0.15],
    [5, 0.15],
    [10, 0.25],
  ])('finds %d dimensions within a share of %d', (intrinsic, tolerance) => {
    const { intrinsicDimension } = estimateGeometry(cube(intrinsic, 1000));
    expect(Math.abs(intrinsicDimension! / intrinsic - 1)).toBeLessThan(tolerance);
  });

  it('finds less contrast in more dimensions', () => {
    const contrasts = [1, 2, 5, 10].map((intrinsic) => estimateGeometry(cube(intrinsic, 300)).contrast!);
    expect(contrasts).toEqual(contrasts.toSorted((a, b) => b - a));
    expect(contrasts.at(-1)).toBeGreaterThan(1);
  });

  it('says nothing about vectors that coincide', () => {
    const values = new Float32Array(20).fill(1);
    expect(estimateGeometry({ rows: 10, dimensions: 2, values })).toEqual({
      intrinsicDimension: null,
      contrast: null,
      nearest: [],
    });
  });

  it('leaves out copies', () => {
    const points = cube(2, 500);
    const doubled = { ...points, rows: 1000, values: Float32Array.from([...points.values, ...points.values]) };
    expect(estimateGeometry(doubled).intrinsicDimension).toBeGreaterThan(1);
  });
});

describe('distanceSpread', () => {
  it('spreads the distances: the nearest is nearer than the tenth, and that than any', () => {
    const { nearest, tenth, any } = distanceSpread(cube(3, 400), 'l2');
    for (const curve of [nearest, tenth, any]) {
      expect(curve).toHaveLength(101);
      expect(curve).toEqual(curve.toSorted((a, b) => a - b));
    }
    for (const p of [10, 50, 90]) {
      expect(nearest[p]!).toBeLessThan(tenth[p]!);
      expect(tenth[p]!).toBeLessThan(any[p]!);
    }
  });

  it.each([
    ['l2', Math.sqrt(2)],
    ['ip', -1],
    ['cosine', 1 - 1 / Math.sqrt(2)],
    ['l1', 2],
    ['hamming', 2],
    ['jaccard', 1],
  ] as const)('gives what the operator of %s gives', (metric, first) => {
    const rows =
      metric === 'ip' || metric === 'cosine'
        ? [
            [1, 0],
            [1, 1],
          ]
        : [
            [1, 0],
            [0, 1],
          ];
    const values = Float32Array.from([...rows, rows[1]!].flat());
    const { nearest } = distanceSpread({ rows: 3, dimensions: 2, values }, metric);
    expect(nearest[0]).toBeCloseTo(first, 6);
  });
});

describe('what follows from the vectors', () => {
  const codesOf = async (parts: Parameters<typeof datasetOf>[0], dimensions?: number) => {
    const dataset = datasetOf(parts);
    const manifest = dimensions === undefined ? dataset.manifest : { ...dataset.manifest, dimensions };
    const { norms, geometry } = await describeDataset(dataset);
    return remarksOn({ manifest, norms, geometry }).map(({ code }) => code);
  };
  const queries = { vectors: [[1, 0]] };
  const circle = Array.from({ length: 40 }, (_, i) => [Math.cos(i / 7), Math.sin(i / 7)]);

  it('is told by metric, lengths and sizes', async () => {
    expect(await codesOf({ vectors: circle, queries, metric: 'cosine' })).toEqual(['length-one-under-cosine']);
    const longer = circle.map(([x = 0, y = 0], i) => [x * (1 + i), y * (1 + i)]);
    expect(await codesOf({ vectors: longer, queries, metric: 'ip' })).toContain('lengths-vary-under-ip');
    expect(await codesOf({ vectors: circle, queries, metric: 'ip' })).toEqual([]);
    expect(await codesOf({ vectors: circle, queries, metric: 'l2' }, 768)).toEqual(['toasted']);
  });

  it('is told of rows that are far from all others', async () => {
    const strays = [
      [900, 0],
      [0, 700],
    ];
    expect(await codesOf({ vectors: [...circle, ...strays], queries, metric: 'l2' })).toEqual(['outliers']);
  });
});

describe('guessLanguage', () => {
  it.each([
    ['english', 'Latin', 'The index is built on the table, and it is not used for this query.'],
    ['german', 'Latin', 'Der Index ist auf der Tabelle, und die Abfrage wird nicht mit ihm beantwortet.'],
    ['french', 'Latin', 'Les index sont construits sur la table et ne servent pas pour une requête.'],
    ['spanish', 'Latin', 'El índice se construye para la tabla y los resultados son más rápidos por una parte.'],
    ['russian', 'Cyrillic', 'Это не просто таблица, и для поиска по ней нужен индекс, как в книге.'],
  ])('%s', (language, script, text) => {
    expect(guessLanguage([text])).toEqual({ language, script });
  });

  it('does not guess what it does not know', () => {
    expect(guessLanguage(['int main() { return 0x7f; }'])).toMatchObject({ language: null });
    expect(guessLanguage(['データベースのインデックス'])).toEqual({ language: null, script: 'Katakana' });
    expect(guessLanguage(['', '12 + 7'])).toEqual({ language: null, script: null });
  });
});

describe('describeDataset', () => {
  const rows = 40;
  const dataset = datasetOf({
    vectors: Array.from({ length: rows }, (_, i) => [3 * (1 + (i % 2)), 4 * (1 + (i % 2)), 0]),
    attributes: Array.from({ length: rows }, (_, i) => ({
      part: i < 30 ? 'a' : i < 38 ? 'b' : 'c',
      year: i % 4 === 0 ? null : 2000 + (i % 4),
      tags: i % 2 === 0 ? ['x', 'y', 'x'] : ['x'],
    })),
    texts: Array.from({ length: rows }, (_, i) => (i === 0 ? null : 'the sum of the parts')),
    textColumn: 'content',
    queries: { vectors: [[1, 2, 3]] },
    declared: { k: 1, rows: Int32Array.of(0) },
  });

  it('tells norms, selectivities and texts', async () => {
    const { norms, columns, text, sample, geometry, declaredNeighbours } = await describeDataset(dataset);
    expect(norms).toEqual({ min: 5, mean: 7.5, max: 10, standardDeviation: 2.5 });
    expect(columns).toEqual([
      {
        name: 'part',
        type: 'text',
        missing: 0,
        distinct: 3,
        frequent: [
          { value: 'a', share: 0.75 },
          { value: 'b', share: 0.2 },
          { value: 'c', share: 0.05 },
        ],
        range: null,
      },
      {
        name: 'year',
        type: 'number',
        sqlType: 'integer',
        missing: 0.25,
        distinct: 3,
        frequent: [2001, 2002, 2003].map((value) => ({ value, share: 0.25 })),
        range: { min: 2001, max: 2003 },
      },
      {
        name: 'tags',
        type: 'text[]',
        missing: 0,
        distinct: 2,
        frequent: [
          { value: 'x', share: 1 },
          { value: 'y', share: 0.5 },
        ],
        range: null,
      },
    ]);
    expect(text).toEqual({ language: 'english', script: 'Latin', rows: 39, meanCharacters: 20 });
    expect(sample.slice(0, 2)).toEqual([
      { id: 0, text: null, attributes: { part: 'a', year: null, tags: ['x', 'y', 'x'] }, vector: [3, 4, 0] },
      { id: 1, text: 'the sum of the parts', attributes: { part: 'a', year: 2001, tags: ['x'] }, vector: [6, 8, 0] },
    ]);
    expect(sample).toHaveLength(5);
    expect(declaredNeighbours).toBe(1);
    expect(geometry).toMatchObject({ sampledRows: rows, space: 'l2' });
  });

  it('shows the first rows of bare vectors too', async () => {
    const bare = datasetOf({ vectors: Array.from({ length: 9 }, (_, i) => [i, 1]), queries: { vectors: [[1, 2]] } });
    const { sample, declaredNeighbours } = await describeDataset(bare);
    expect(sample.map(({ vector }) => vector)).toEqual([0, 1, 2, 3, 4].map((i) => [i, 1]));
    expect(declaredNeighbours).toBe(0);
  });

  it('gives the same answer twice, and stops at an abort', async () => {
    expect(await describeDataset(dataset)).toEqual(await describeDataset(dataset));
    const aborted = describeDataset(dataset, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: 'interrupted' });
  });
});
