import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createColumnCensus } from '../../src/datasets/column-types.js';
import { ensureDataset, exportDataset, fileFormats, openSource, type Dataset } from '../../src/datasets/index.js';
import { baseVectors, datasetOf, drain, plain, queryVectors, rowsOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();

const value = fc.float({ noNaN: true, noDefaultInfinity: true });
const matrix = (dimensions: number, most: number) =>
  fc.array(fc.array(value, { minLength: dimensions, maxLength: dimensions }), { minLength: 1, maxLength: most });
const tables = fc
  .integer({ min: 1, max: 6 })
  .chain((dimensions) => fc.record({ base: matrix(dimensions, 6), queries: matrix(dimensions, 3) }))
  .filter(({ base }) => base.flat().some((x) => x !== 0));
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

let files = 0;
/** Writes a dataset and reads what was written. */
async function roundTrip(dataset: Dataset, extension: string) {
  const path = join(folder, `written-${files++}${extension}`);
  const written = await exportDataset(dataset, path);
  const queriesFile = written[1];
  const source = await openSource(path, queriesFile === undefined ? {} : { queriesFile });
  const base = await drain(source.base(), source.dimensions);
  const queries = await drain(source.queries(), source.dimensions);
  const declared = await source.declaredNeighbours();
  source.close();
  for (const file of written) rmSync(file);
  return { source, base, queries, declared };
}

/** One name for each format and way of compression that can be written. */
const writable = ['.hdf5', '.parquet', '.jsonl', '.jsonl.gz', '.csv', '.vec', '.vec.gz', '.npy', '.fvecs', '.fbin'];
const withRows = ['.jsonl', '.jsonl.gz', '.csv', '.csv.gz', '.tsv', '.parquet'];

it('knows every format that can be written', () => {
  const formats = fileFormats.filter(({ write }) => write !== undefined);
  expect(formats.every(({ extensions }) => extensions.some((extension) => writable.includes(extension)))).toBe(true);
});

describe.each(writable)('%s', (extension) => {
  it('gives back the vectors and queries it was given', async () => {
    await fc.assert(
      fc.asyncProperty(tables, async ({ base, queries }) => {
        const read = await roundTrip(datasetOf({ vectors: base, queries: { vectors: queries } }), extension);
        expect(read.base.vectors).toEqual(float32(base));
        expect(read.queries.vectors).toEqual(float32(queries));
      }),
      // HDF5 is read by a thread of its own each time.
      { numRuns: extension === '.hdf5' ? 4 : 15 },
    );
  });

  it('goes through the store', async () => {
    const store = join(folder, `store${extension}`);
    const dataset = datasetOf({
      vectors: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      queries: { vectors: [[1.5, 2.5]] },
    });
    const [path, queriesFile] = await exportDataset(dataset, join(folder, `stored${extension}`));
    const options = queriesFile === undefined ? {} : { queriesFile };
    const stored = await ensureDataset(store, path!, options);
    expect(await baseVectors(stored)).toEqual(await baseVectors(dataset));
    expect(queryVectors(stored)).toEqual(queryVectors(dataset));
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
    for (const name of ['id', 'embedding', 'content']) {
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
  for (const extension of writable) {
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
