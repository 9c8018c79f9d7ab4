import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDataset, importDataset, listDatasets, openDataset, verifyDataset } from '../../src/datasets/index.js';
import { PgvtuneError } from '../../src/errors.js';
import { baseVectors, queryVectors, rowsOf, sourceOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();
let stores = 0;
const newStore = (): string => join(folder, `store-${stores++}`);

const line = (rows: number, dimensions = 2): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from({ length: dimensions }, (_, j) => i + 1 + j / 8));

const filesUnder = (path: string): string[] =>
  existsSync(path) ? readdirSync(path, { recursive: true }).map(String) : [];

describe('importDataset', () => {
  it('keeps vectors, ids, attributes and texts in order', async () => {
    const source = sourceOf({
      vectors: line(7),
      ids: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      texts: ['one', null, 'three', 'u\u2028v', '', 'six', 'seven'],
      attributes: Array.from({ length: 7 }, (_, i) => ({ year: 2000 + i, tags: [`t${i}`] })),
      textColumn: 'content',
      queries: { vectors: [[9, 9]], ids: [1], texts: ['q'] },
    });
    const dataset = await importDataset(newStore(), source, { name: 'seven' });
    expect(await baseVectors(dataset)).toEqual(line(7));
    expect(await baseVectors(dataset, 2)).toEqual(line(7));
    expect(Array.from(dataset.vector(6))).toEqual(line(7)[6]);
    expect(queryVectors(dataset)).toEqual([[9, 9]]);
    const rows = await rowsOf(dataset);
    expect(rows.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(rows.map(({ text }) => text)).toEqual(['one', null, 'three', 'u\u2028v', '', 'six', 'seven']);
    expect(rows[3]!.attributes).toEqual({ year: 2003, tags: ['t3'] });
    expect(dataset.manifest).toMatchObject({
      name: 'seven',
      rows: 7,
      dimensions: 2,
      queries: 1,
      queriesHeldOut: false,
      textColumn: 'content',
      columns: [
        { name: 'year', type: 'number' },
        { name: 'tags', type: 'text[]' },
      ],
    });
    dataset.close();
    expect(source.closed()).toBe(true);
  });

  it('numbers rows that have no ids', async () => {
    const dataset = await importDataset(newStore(), sourceOf({ vectors: line(3), queries: { vectors: [[0, 1]] } }));
    expect(await rowsOf(dataset)).toEqual([0, 1, 2].map((id) => ({ id, text: null, attributes: {} })));
  });

  it('gives equal data the same hash, and other data another', async () => {
    const store = newStore();
    const parts = { vectors: line(5), queries: { vectors: [[0, 1]] } };
    const first = await importDataset(store, sourceOf(parts), { name: 'first' });
    const again = await importDataset(store, sourceOf({ ...parts, rowsPerBatch: 1 }), { name: 'again' });
    const cosine = await importDataset(store, sourceOf({ ...parts, metric: 'cosine' }), { name: 'cosine' });
    const withIds = await importDataset(store, sourceOf({ ...parts, ids: [5, 6, 7, 8, 9] }), { name: 'with-ids' });
    expect(again.manifest.hash).toBe(first.manifest.hash);
    expect(new Set([first, cosine, withIds].map(({ manifest }) => manifest.hash)).size).toBe(3);
    expect((await listDatasets(store)).map(({ names }) => names)).toEqual([
      ['again', 'first'],
      ['cosine'],
      ['with-ids'],
    ]);
  });

  it('opens by name, hash and the first digits of a hash', async () => {
    const store = newStore();
    const { hash } = (await importDataset(store, sourceOf({ vectors: line(5) }), { name: 'five' })).manifest;
    for (const called of ['five', hash, hash.slice(0, 8)]) {
      expect((await openDataset(store, called)).manifest).toMatchObject({ hash, name: 'five' });
    }
    expect(await findDataset(store, 'six')).toBeNull();
    await expect(openDataset(store, 'six')).rejects.toMatchObject({ code: 'dataset', hint: 'There are: five.' });
  });

  it('lets a name stand for the newest import, and keeps the older data', async () => {
    const store = newStore();
    const older = await importDataset(store, sourceOf({ vectors: line(5) }), { name: 'docs' });
    const newer = await importDataset(store, sourceOf({ vectors: line(6) }), { name: 'docs' });
    expect((await openDataset(store, 'docs')).manifest.hash).toBe(newer.manifest.hash);
    expect((await openDataset(store, older.manifest.hash)).manifest.rows).toBe(4);
  });

  it.each(['../up', 'Docs', '', '.hidden', 'a/b', 'x'.repeat(65)])('refuses the name %j', async (name) => {
    const store = newStore();
    await expect(importDataset(store, sourceOf({ vectors: line(5) }), { name })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(filesUnder(store)).toEqual([]);
  });
});

describe('held-out queries', () => {
  it('takes a tenth out of the base, at most ten thousand, and loses or doubles no row', async () => {
    const store = newStore();
    for (const [rows, held] of [
      [2, 1],
      [19, 1],
      [100, 10],
      [10_500, 1050],
      [105_000, 10_000],
    ] as const) {
      const vectors = line(rows, 1);
      const dataset = await importDataset(
        store,
        sourceOf({ vectors, ids: vectors.map(([x]) => `row ${x}`), rowsPerBatch: 64 }),
      );
      expect(dataset.manifest).toMatchObject({ rows: rows - held, queries: held, queriesHeldOut: true });
      const base = await baseVectors(dataset);
      const all = [...base, ...queryVectors(dataset)].flat().sort((a, b) => a - b);
      expect(all).toEqual(vectors.flat());
      expect((await rowsOf(dataset)).map(({ id }) => id)).toEqual(base.map(([x]) => `row ${x}`));
    }
  });

  it('chooses by the seed', async () => {
    const store = newStore();
    const held = async (seed: number): Promise<number[][]> =>
      queryVectors(await importDataset(store, sourceOf({ vectors: line(200, 1) }), { seed, queries: 20 }));
    expect(await held(1)).toEqual(await held(1));
    expect(await held(1)).not.toEqual(await held(2));
  });

  it('finds queries that are rows of the base, and rows that repeat', async () => {
    const vectors = [...line(4), line(4)[0]!, line(4)[0]!];
    const queries = { vectors: [line(4)[2]!, [7, 7], line(4)[0]!] };
    const { manifest } = await importDataset(newStore(), sourceOf({ vectors, queries }));
    expect(manifest.checks).toEqual({ duplicateRows: 2, zeroRows: 0, zeroQueries: 0, queriesInBase: 2 });
  });
});

describe('what cannot be used', () => {
  const refused = async (parts: Parameters<typeof sourceOf>[0], options = {}): Promise<PgvtuneError> => {
    const store = newStore();
    const source = sourceOf(parts);
    const error: unknown = await importDataset(store, source, options).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PgvtuneError);
    expect(filesUnder(join(store, 'objects'))).toEqual([]);
    expect(filesUnder(join(store, 'unfinished'))).toEqual([]);
    expect(filesUnder(join(store, 'names'))).toEqual([]);
    expect(source.closed()).toBe(true);
    return error as PgvtuneError;
  };
  const spoilt = (value: number): number[][] => line(9).map((vector, i) => (i === 7 ? [vector[0]!, value] : vector));

  it.each([NaN, Infinity, -Infinity])('names the row of %d', async (value) => {
    const error = await refused({ vectors: spoilt(value) });
    expect(error.code).toBe('dataset');
    expect(error.message).toContain(`row 7 has ${value} as number 2 of 2`);
  });

  it('names both rows of an id that repeats', async () => {
    const error = await refused({ vectors: line(5), ids: ['a', 'b', 'c', 'b', 'e'] });
    expect(error.message).toContain('row 3 has the id "b" of row 1');
  });

  it('counts zero vectors under cosine, and names the first', async () => {
    const vectors = line(12).map((vector, i) => (i % 2 ? [0, -0] : vector));
    const error = await refused({ vectors, metric: 'cosine' });
    expect(error.message).toContain('row 1, 3, 5, 7, 9, …: 6 in all');
    expect((await refused({ vectors }, { metric: 'cosine' })).code).toBe('dataset');
    const queries = { vectors: [[0, 0]] };
    expect((await refused({ vectors: line(3), queries, metric: 'cosine' })).message).toContain('query 0: 1 in all');
  });

  it('counts zero vectors under other metrics and goes on', async () => {
    const vectors = line(12).map((vector, i) => (i === 2 ? [0, 0] : vector));
    const { manifest } = await importDataset(
      newStore(),
      sourceOf({ vectors, queries: { vectors: [[0, 0]] }, metric: 'l2' }),
    );
    expect(manifest.checks).toEqual({ duplicateRows: 0, zeroRows: 1, zeroQueries: 1, queriesInBase: 1 });
  });

  it.each([
    [65_519, undefined],
    [65_520, { table: 'base', row: 2, value: 65_520 }],
    [-7e6, { table: 'base', row: 2, value: -7e6 }],
  ])('records the first number that halfvec cannot hold: %d', async (value, beyondHalf) => {
    const vectors = line(12).map((vector, i) => (i >= 2 && i % 2 === 0 ? [value, 1] : vector));
    const { manifest } = await importDataset(newStore(), sourceOf({ vectors, queries: { vectors: [[1e9, 0]] } }));
    expect(manifest.checks.beyondHalf).toEqual(beyondHalf ?? { table: 'queries', row: 0, value: 1e9 });
  });

  it('refuses vectors that are all zero', async () => {
    expect(
      (
        await refused({
          vectors: [
            [0, 0],
            [0, 0],
            [0, 0],
          ],
        })
      ).message,
    ).toContain('every vector is zero');
  });

  it.each([0, 16_001, 2.5])('refuses %d dimensions', async (dimensions) => {
    expect((await refused({ vectors: [[1]], dimensions })).code).toBe('dataset');
  });

  it('refuses too few rows', async () => {
    expect((await refused({ vectors: [] })).message).toContain('no rows');
    expect((await refused({ vectors: [[1]] })).message).toContain('only 1');
    expect((await refused({ vectors: line(50) }, { queries: 50 })).message).toContain('only 50');
    expect((await refused({ vectors: line(3), queries: { vectors: [] } })).message).toContain('no queries');
  });

  it.each([0, -1, 1.5])('refuses to hold out %d queries', async (queries) => {
    expect((await refused({ vectors: line(3) }, { queries })).code).toBe('usage');
  });

  it('refuses more queries than memory should hold', async () => {
    expect((await refused({ vectors: line(3) }, { queries: 200_000_000 })).code).toBe('dataset');
  });

  it('refuses declared neighbours that do not fit', async () => {
    const parts = {
      vectors: line(3),
      queries: {
        vectors: [
          [0, 1],
          [1, 0],
        ],
      },
    };
    const declared = (rows: number[]): Parameters<typeof sourceOf>[0] => ({
      ...parts,
      declared: { k: 2, rows: Int32Array.from(rows) },
    });
    expect((await refused(declared([0, 1, 2]))).message).toContain('2 declared neighbours');
    const dataset = await importDataset(newStore(), sourceOf(declared([0, 1, 2, -1])));
    expect(await dataset.declaredNeighbours()).toEqual({ k: 2, rows: Int32Array.of(0, 1, 2, -1) });
  });

  it('stops at an abort and keeps nothing', async () => {
    const controller = new AbortController();
    const onProgress = (rows: number): void => {
      if (rows >= 6) controller.abort();
    };
    expect((await refused({ vectors: line(30) }, { signal: controller.signal, onProgress })).code).toBe('interrupted');
  });

  it('keeps nothing when the source fails half-way', async () => {
    const store = newStore();
    const source = sourceOf({ vectors: line(30) });
    const broken = {
      ...source,
      async *base() {
        for await (const batch of source.base()) yield batch;
        throw new PgvtuneError('dataset', 'torn');
      },
    };
    await expect(importDataset(store, broken)).rejects.toThrow('torn');
    expect(filesUnder(join(store, 'objects'))).toEqual([]);
    expect(filesUnder(join(store, 'unfinished'))).toEqual([]);
  });
});

describe('damage in the store', () => {
  it('is found when a dataset is opened, and mended by importing again', async () => {
    const store = newStore();
    const parts = { vectors: line(20), queries: { vectors: [[0, 1]] } };
    const { hash } = (await importDataset(store, sourceOf(parts), { name: 'docs' })).manifest;
    const base = join(store, 'objects', hash, 'base.f32');
    const whole = readFileSync(base);
    truncateSync(base, whole.length - 4);
    await expect(openDataset(store, 'docs')).rejects.toMatchObject({ code: 'dataset' });
    const mended = await importDataset(store, sourceOf(parts), { name: 'docs' });
    expect(await baseVectors(mended)).toEqual(line(20));
    const manifest = join(store, 'objects', hash, 'manifest.json');
    const written = readFileSync(manifest, 'utf8');
    for (const damaged of ['{"version":1', written.replace('"name": "docs"', '"name": "dogs"')]) {
      writeFileSync(manifest, damaged);
      await expect(openDataset(store, 'docs')).rejects.toMatchObject({ code: 'dataset' });
    }
  });

  it('is found in a row that is no JSON', async () => {
    const store = newStore();
    const parts = { vectors: line(20), queries: { vectors: [[0, 1]] } };
    const { hash } = (await importDataset(store, sourceOf(parts), { name: 'docs' })).manifest;
    writeFileSync(join(store, 'objects', hash, 'rows.ndjson'), '{}\n{"id":\n');
    await expect(rowsOf(await openDataset(store, 'docs'))).rejects.toThrow(
      expect.objectContaining({ code: 'dataset', message: expect.stringContaining('line 2') }),
    );
  });

  it.runIf(process.umask() === 0o022)('can be shared: others may read what is stored', async () => {
    const store = newStore();
    const { hash } = (await importDataset(store, sourceOf({ vectors: line(5) }), { name: 'docs' })).manifest;
    expect(statSync(join(store, 'objects', hash)).mode & 0o777).toBe(0o755);
  });

  it('is found in any byte when a dataset is verified', async () => {
    const store = newStore();
    const parts = { vectors: line(20), ids: line(20).map(([x]) => `id ${x}`), queries: { vectors: [[0, 1]] } };
    const declared = { k: 1, rows: Int32Array.of(3) };
    const { hash } = (await importDataset(store, sourceOf({ ...parts, declared }), { name: 'docs' })).manifest;
    expect(await verifyDataset(store, 'docs')).toMatchObject({ manifest: { hash, rows: 20 } });
    for (const name of ['base.f32', 'queries.f32', 'rows.ndjson', 'query-rows.ndjson', 'declared.i32']) {
      const file = join(store, 'objects', hash, name);
      const whole = readFileSync(file);
      const flipped = Buffer.from(whole);
      flipped[flipped.length >> 1]! ^= 1;
      writeFileSync(file, flipped);
      await expect(verifyDataset(store, 'docs')).rejects.toThrow('its files are not what was stored');
      writeFileSync(file, whole);
    }
    expect((await verifyDataset(store, 'docs')).manifest.hash).toBe(hash);
  });

  it('leaves no trace of an import that was killed', async () => {
    const store = newStore();
    await importDataset(store, sourceOf({ vectors: line(5) }), { name: 'docs' });
    // No process has this number: it is above Linux's largest.
    mkdirSync(join(store, 'unfinished', `${hostname()}-99999999-abcdef`));
    await importDataset(store, sourceOf({ vectors: line(6) }), { name: 'docs' });
    expect(filesUnder(join(store, 'unfinished'))).toEqual([]);
  });
});

it('keeps arbitrary finite vectors bit for bit', async () => {
  const store = newStore();
  const value = fc.float({ noNaN: true, noDefaultInfinity: true });
  const matrix = fc
    .integer({ min: 1, max: 5 })
    .chain((d) => fc.array(fc.array(value, { minLength: d, maxLength: d }), { minLength: 1, maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(matrix, async (vectors) => {
      fc.pre(vectors.flat().some((x) => x !== 0));
      const dataset = await importDataset(store, sourceOf({ vectors, queries: { vectors: [vectors[0]!] } }), {
        name: 'any',
      });
      const stored = readFileSync(join(store, 'objects', dataset.manifest.hash, 'base.f32'));
      expect(new Uint8Array(stored)).toEqual(new Uint8Array(Float32Array.from(vectors.flat()).buffer));
    }),
    { numRuns: 40 },
  );
});
