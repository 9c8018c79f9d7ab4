import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createColumnCensus } from '../../src/datasets/import/column-types.js';
import { loadHdf5 } from '../../src/datasets/formats/hdf5/library.js';
import { ensureDataset, exportDataset, fileFormats, openSource, type Dataset } from '../../src/datasets/index.js';
import { baseVectors, datasetOf, drain, plain, queryVectors, rowsOf, temporaryFolder } from './support.js';
import { writeLines } from '../../src/datasets/formats/text/file.js';

const folder = temporaryFolder();

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const byte = fc.integer({ min: 0, max: 255 });
const signedByte = fc.integer({ min: -128, max: 127 });
const whole = fc.integer({ min: -(2 ** 24), max: 2 ** 24 });
const tablesOf = (value: fc.Arbitrary<number>) => {
  const matrix = (dimensions: number, most: number) =>
    fc.array(fc.array(value, { minLength: dimensions, maxLength: dimensions }), { minLength: 1, maxLength: most });
  return fc
    .integer({ min: 1, max: 6 })
    .chain((dimensions) => fc.record({ base: matrix(dimensions, 6), queries: matrix(dimensions, 3) }))
    .filter(({ base }) => base.flat().some((x) => x !== 0));
};
const float32 = (vectors: readonly (readonly number[])[]): number[][] =>
  vectors.map((vector) => plain(Float32Array.from(vector)));

/** What a text may look like anywhere; CSV tells numbers and dates from texts by their looks, hence the letter. */
const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((string) => `a${string.replaceAll(/\p{Surrogate}/gu, '')}`);
const attributes = fc.record({
  title: fc.option(text),
  year: fc.option(
    fc.oneof(
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((x) => x + 0),
    ),
  ),
  done: fc.option(fc.boolean()),
  day: fc.option(
    fc
      .date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10)),
  ),
  tags: fc.option(fc.array(text, { maxLength: 3 })),
  more: fc.option(fc.record({ a: fc.integer(), b: fc.array(text, { maxLength: 2 }) })),
});

/** Stands for a folder as VectorDBBench keeps it. */
const FOLDER = '';
const hasZstd = 'createZstdCompress' in zlib;

let files = 0;
/** Writes a dataset and reads what was written. */
async function roundTrip(dataset: Dataset, extension: string) {
  const path = join(folder, `written-${files++}${extension}`);
  const written = await exportDataset(dataset, path);
  const source = await openSource(path, filesBeside(written, extension));
  const base = await drain(source.base(), source.dimensions);
  const queries = await drain(source.queries(), source.dimensions);
  const declared = await source.declaredNeighbours();
  source.close();
  for (const file of [...written, path]) rmSync(file, { force: true, recursive: true });
  return { source, base, queries, declared };
}

function filesBeside([, queriesFile, neighboursFile]: readonly string[], extension: string) {
  if (extension === FOLDER || queriesFile === undefined) return {};
  return { queriesFile, ...(neighboursFile === undefined ? {} : { neighboursFile }) };
}

/** One name for each format and way of compression, and the numbers that it can hold. */
const formats = [
  ...['.hdf5', '.parquet', FOLDER, '.jsonl', '.jsonl.gz', '.csv', '.vec', '.vec.gz', '.npy', '.fvecs', '.fbin'].map(
    (extension) => ({ extension, value: float }),
  ),
  ...(hasZstd ? [{ extension: '.jsonl.zst', value: float }] : []),
  { extension: '.bvecs', value: byte },
  { extension: '.u8bin', value: byte },
  { extension: '.i8bin', value: signedByte },
  { extension: '.ivecs', value: whole },
  { extension: '.ibin', value: whole },
];
const withRows = ['.jsonl', '.jsonl.gz', '.csv', '.csv.gz', '.tsv', '.parquet', FOLDER];

it('knows every format', () => {
  const known = formats.map(({ extension }) => extension);
  const untested = fileFormats.filter(({ extensions }) => !extensions.some((extension) => known.includes(extension)));
  expect(untested.map(({ name }) => name)).toEqual([
    'JSON',
    'COPY text',
    'pg_dump',
    'f16bin',
    'VectorDBBench folder',
    'BEIR folder',
    'qdrant folder',
  ]);
});

describe.each(formats)('$extension', ({ extension, value }) => {
  it('gives back the vectors and queries it was given', async () => {
    await fc.assert(
      fc.asyncProperty(tablesOf(value), async ({ base, queries }) => {
        const read = await roundTrip(datasetOf({ vectors: base, queries: { vectors: queries } }), extension);
        expect(read.base.vectors).toEqual(float32(base));
        expect(read.queries.vectors).toEqual(float32(queries));
      }),
      // HDF5 is read by a thread of its own each time.
      { numRuns: extension === '.hdf5' ? 4 : 15 },
    );
  });

  it('goes through the store, with its neighbours', async () => {
    const store = join(folder, `store${extension}`);
    const dataset = datasetOf({
      vectors: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      queries: {
        vectors: [
          [1, 3],
          [9, 8],
        ],
      },
      declared: { k: 2, rows: Int32Array.of(0, 1, 2, 1) },
    });
    const path = join(folder, `stored${extension}`);
    const written = await exportDataset(dataset, path);
    const stored = await ensureDataset(store, path, filesBeside(written, extension));
    expect(await baseVectors(stored)).toEqual(await baseVectors(dataset));
    expect(queryVectors(stored)).toEqual(queryVectors(dataset));
    expect(await stored.declaredNeighbours()).toEqual({ k: 2, rows: Int32Array.of(0, 1, 2, 1) });
    expect(stored.manifest).toMatchObject({ name: 'stored', queriesHeldOut: false, synthetic: false });
    stored.close();
  });
});

describe.each(withRows)('%s', (extension) => {
  it('gives back ids, texts and attributes with their types', async () => {
    const rows = fc.array(fc.record({ id: fc.uuid(), text: fc.option(text), attributes }), {
      minLength: 2,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (some, numbered) => {
        const dataset = datasetOf({
          vectors: some.map((_, i) => [i + 1, 0.5]),
          queries: { vectors: [[0.25, 3]], ids: ['q'], texts: ['which?'], attributes: [{ title: 'a' }] },
          ids: numbered ? some.map((_, i) => i * 7 + 3) : some.map(({ id }) => id),
          texts: some.map((row) => row.text),
          attributes: some.map((row) => row.attributes),
          textColumn: 'content',
        });
        const { source, base, queries } = await roundTrip(dataset, extension);
        const original = await rowsOf(dataset);
        expect(source.textColumn).toBe('content');
        expect(base.ids).toEqual(original.map(({ id }) => id));
        expect(base.texts).toEqual(original.map((row) => row.text));
        expect(base.attributes).toEqual(original.map((row) => row.attributes));
        const census = createColumnCensus();
        for (const of of base.attributes) census.add(of);
        expect(census.columns()).toEqual(dataset.manifest.columns);
        expect(queries).toMatchObject({ ids: ['q'], texts: ['which?'], attributes: [{ title: 'a' }] });
      }),
      { numRuns: 25 },
    );
  });

  it('refuses to write two fields of the same name', async () => {
    for (const name of ['id', extension === FOLDER ? 'emb' : 'embedding', 'content']) {
      const dataset = datasetOf({
        vectors: [[1]],
        attributes: [{ [name]: 1 }],
        textColumn: 'content',
        queries: { vectors: [[1]] },
      });
      await expect(exportDataset(dataset, join(folder, `doubtful${extension}`))).rejects.toMatchObject({
        code: 'dataset',
      });
    }
  });
});

it('keeps the metric and the declared neighbours in HDF5', async () => {
  for (const metric of ['cosine', 'l2', 'ip', 'hamming', 'jaccard'] as const) {
    const dataset = datasetOf({
      vectors: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      queries: {
        vectors: [
          [1, 2],
          [5, 6],
        ],
      },
      declared: { k: 2, rows: Int32Array.of(0, 1, 2, 1) },
      metric,
    });
    const { source, declared } = await roundTrip(dataset, '.hdf5');
    expect(source.metric).toBe(metric);
    expect(declared).toEqual({ k: 2, rows: Int32Array.of(0, 1, 2, 1) });
  }
});

it('writes neighbours that were computed, with their distances, into HDF5', async () => {
  const dataset = datasetOf({
    vectors: [
      [1, 0],
      [4, 4],
    ],
    queries: { vectors: [[1, 1]] },
    declared: { k: 1, rows: Int32Array.of(1) },
  });
  const path = join(folder, 'truth.hdf5');
  const neighbours = { k: 2, rows: Int32Array.of(0, 1), distances: Float64Array.of(1, Math.sqrt(18)) };
  await exportDataset(dataset, path, { neighbours });
  const { File } = await loadHdf5();
  const file = new File(path, 'r');
  expect(file.get('neighbors')).toMatchObject({ shape: [1, 2], value: Int32Array.of(0, 1) });
  expect(file.get('distances')).toMatchObject({ shape: [1, 2], value: Float32Array.of(1, Math.sqrt(18)) });
  file.close();
});

it('refuses numbers that a format cannot hold, and leaves nothing', async () => {
  const of = (wrong: number) =>
    datasetOf({
      vectors: [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, wrong],
      ],
      queries: { vectors: [[1, 2]] },
    });
  const refused = [
    ['.bvecs', 256, 'whole numbers from 0 to 255, got 256'],
    ['.u8bin', -1, 'whole numbers from 0 to 255, got -1'],
    ['.i8bin', 0.5, 'whole numbers from -128 to 127, got 0.5'],
    ['.ivecs', 2 ** 31, 'got 2147483648'],
    ['.ibin', 1.5, 'got 1.5'],
  ] as const;
  for (const [extension, wrong, message] of refused) {
    const path = join(folder, `misfit${extension}`);
    const writing = exportDataset(of(wrong), path);
    await expect(writing).rejects.toThrow(`misfit${extension}, row 3: expected `);
    await expect(writing).rejects.toThrow(`${message} at position 2`);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('misfit'))).toEqual([]);
});

it('writes a folder only where there is none, or an empty one', async () => {
  const dataset = datasetOf({ vectors: [[1], [2], [3], [4]], queries: { vectors: [[3]] } });
  const path = join(folder, 'taken');
  const onProgress = (): void => controller.abort();
  const controller = new AbortController();
  const interrupted = exportDataset(dataset, path, { signal: controller.signal, onProgress });
  await expect(interrupted).rejects.toMatchObject({ code: 'interrupted' });
  expect(readdirSync(folder).filter((name) => name.startsWith('taken'))).toEqual([]);
  mkdirSync(path);
  expect(await exportDataset(dataset, path)).toEqual([join(path, 'train.parquet'), join(path, 'test.parquet')]);
  await expect(exportDataset(dataset, path)).rejects.toThrow('taken: expected a new or empty folder');
});

it('names neighbours in a folder by ids, also where some are numbers and some are text', async () => {
  const ids = ['a', 7, 8];
  const vectors = [[1], [2], [3]];
  const declared = { k: 2, rows: Int32Array.of(1, 2) };
  const read = await roundTrip(datasetOf({ vectors, ids, queries: { vectors: [[3]] }, declared }), FOLDER);
  expect(read.base.ids).toEqual(['a', '7', '8']);
  expect(read.declared).toEqual(declared);
});

it('refuses a place that is not there, or a folder', async () => {
  const dataset = datasetOf({ vectors: [[1]], queries: { vectors: [[1]] } });
  await expect(exportDataset(dataset, join(folder, 'no', 'docs.fbin'))).rejects.toMatchObject({ code: 'usage' });
  mkdirSync(join(folder, 'docs.npy'));
  await expect(exportDataset(dataset, join(folder, 'docs.npy'))).rejects.toMatchObject({ code: 'usage' });
});

it.skipIf(hasZstd)('says that this Node cannot write Zstandard', async () => {
  const dataset = datasetOf({ vectors: [[1]], queries: { vectors: [[1]] } });
  const writing = exportDataset(dataset, join(folder, 'docs.csv.zst'));
  await expect(writing).rejects.toMatchObject({ code: 'dataset', hint: expect.stringContaining('.gz') as string });
});

it('leaves nothing behind that fails before its first line', async () => {
  const place = mkdtempSync(join(folder, 'early-'));
  for (let n = 0; n < 50; n++) {
    const path = join(place, `${n}.jsonl`);
    const lines = async function* (): AsyncGenerator<string> {
      yield* [];
      throw new Error('no such row');
    };
    await expect(writeLines(path, path, lines())).rejects.toThrow('no such row');
    rmSync(path, { force: true });
  }
  expect(readdirSync(place)).toEqual([]);
});

it('leaves the older file when writing is interrupted', async () => {
  const dataset = datasetOf({
    vectors: [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
    queries: { vectors: [[1, 2]] },
  });
  for (const { extension } of formats.filter((format) => format.extension !== FOLDER)) {
    const path = join(folder, `older${extension}`);
    const written = await exportDataset(dataset, path);
    const before = readFileSync(path);
    const other = datasetOf({
      vectors: [
        [9, 2],
        [9, 4],
        [9, 6],
        [9, 8],
      ],
      queries: { vectors: [[1, 2]] },
    });
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    const writing = exportDataset(other, path, { signal: controller.signal, onProgress });
    await expect(writing).rejects.toMatchObject({ code: 'interrupted' });
    expect(readFileSync(path).equals(before)).toBe(true);
    for (const file of written) rmSync(file);
    expect(readdirSync(folder).filter((name) => name.includes('unfinished'))).toEqual([]);
  }
});
