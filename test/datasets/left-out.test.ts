import { describe, expect, it } from 'vitest';
import { importDataset } from '../../src/datasets/index.js';
import type { ImportNote } from '../../src/progress.js';
import { baseVectors, queryVectors, rowsOf, sourceOf, type SourceParts, temporaryFolder } from './support.js';

const folder = temporaryFolder();

async function imported(parts: SourceParts, options: object = {}) {
  const notes: ImportNote[] = [];
  const source = sourceOf(parts);
  const dataset = await importDataset(folder, source, { ...options, onNote: (note) => notes.push(note) });
  return { dataset, notes };
}

const queries = {
  vectors: [
    [1, 2],
    [2, 1],
  ],
};

describe('rows that nobody can use', () => {
  const vectors = [
    [1, 0],
    [NaN, 1],
    [0, 0],
    [0, 1],
    [1, Infinity],
  ];
  const ids = ['a', 'b', 'c', 'd', 'e'];

  it('are refused, with the way to leave them out', async () => {
    await expect(imported({ vectors, ids, queries })).rejects.toMatchObject({
      message: expect.stringContaining('row 1 has NaN as number 1 of 2'),
      hint: expect.stringContaining('--skip-invalid'),
    });
    await expect(
      imported({
        vectors: [
          [1, 2],
          [Infinity, 0],
        ],
        queries,
      }),
    ).rejects.toThrow('row 1 has Infinity as number 1 of 2');
  });

  it('are left out when that is asked, counted and named', async () => {
    const { dataset, notes } = await imported({ vectors, ids, queries, metric: 'cosine' }, { skipInvalid: true });
    expect(await baseVectors(dataset)).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect((await rowsOf(dataset)).map(({ id }) => id)).toEqual(['a', 'd']);
    const data = { table: 'base', missing: 0, notFinite: 2, zero: 1, first: ['b', 'c', 'e'] };
    expect(notes).toEqual([{ code: 'rows-left-out', data }]);
    expect(dataset.manifest.source).toMatchObject({ leftOut: [data] });
    expect(dataset.manifest.checks.zeroRows).toBe(0);
    dataset.close();
  });

  it('are zero vectors only where the metric needs a direction', async () => {
    const { dataset } = await imported({ vectors, ids, queries, metric: 'l2' }, { skipInvalid: true });
    expect((await rowsOf(dataset)).map(({ id }) => id)).toEqual(['a', 'c', 'd']);
    dataset.close();
  });

  it('are left out of the queries too, and leave none of the declared neighbours', async () => {
    const declared = { k: 1, rows: Int32Array.of(0, 1, 0) };
    const asked = {
      vectors: [
        [1, 2],
        [NaN, 0],
        [2, 1],
      ],
    };
    const { dataset, notes } = await imported(
      {
        vectors: [
          [1, 0],
          [0, 1],
        ],
        queries: asked,
        declared,
      },
      { skipInvalid: true },
    );
    expect(queryVectors(dataset)).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(await dataset.declaredNeighbours()).toBeNull();
    expect(notes.map(({ code }) => code)).toEqual(['neighbours-of-left-out', 'rows-left-out']);
    dataset.close();
  });

  it('leave enough rows for held-out queries, or the import is refused', async () => {
    await expect(
      imported(
        {
          vectors: [
            [NaN, 1],
            [NaN, 2],
          ],
        },
        { skipInvalid: true },
      ),
    ).rejects.toThrow('none of its 2 rows can be used');
    await expect(
      imported(
        {
          vectors: [
            [NaN, 1],
            [1, 2],
          ],
        },
        { skipInvalid: true },
      ),
    ).rejects.toThrow('there are only 1');
  });
});

describe('declared neighbours', () => {
  const vectors = [
    [1, 0],
    [0, 1],
    [1, 1],
  ];

  it('that count from 1 are shifted', async () => {
    const { dataset, notes } = await imported({
      vectors,
      queries,
      declared: { k: 2, rows: Int32Array.of(3, 2, 3, -1) },
    });
    expect(await dataset.declaredNeighbours()).toEqual({ k: 2, rows: Int32Array.of(2, 1, 2, -1) });
    expect(notes).toEqual([{ code: 'neighbours-from-one', data: {} }]);
    dataset.close();
  });

  it.each([[[0, 3, 1, 2]], [[1, 2, 3, 7]]])('of a larger set are dropped: %j', async (rows) => {
    const { dataset, notes } = await imported({ vectors, queries, declared: { k: 2, rows: Int32Array.from(rows) } });
    expect(await dataset.declaredNeighbours()).toBeNull();
    expect(notes).toMatchObject([{ code: 'neighbours-of-more-rows', data: { of: 4 } }]);
    dataset.close();
  });
});
