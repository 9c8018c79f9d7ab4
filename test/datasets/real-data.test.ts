import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeDataset, ensureDataset } from '../../src/datasets/index.js';
import { collect, temporaryFolder } from './support.js';

const data = process.env['PGVTUNE_DATASETS'];

describe.skipIf(data === undefined)('real text', () => {
  const store = temporaryFolder();

  it('comes from an ann-benchmarks file with its queries and neighbours', async () => {
    const dataset = await ensureDataset(store, join(data!, 'docs-en.hdf5'));
    expect(dataset.manifest).toMatchObject({
      rows: 32_074,
      dimensions: 256,
      queries: 1000,
      metric: 'cosine',
      queriesHeldOut: false,
    });
    const declared = await dataset.declaredNeighbours();
    expect(declared!.k).toBe(100);
    // The first declared neighbour of a query must be nearer than the hundredth.
    const query = dataset.queries.values.subarray(0, 256);
    const similarity = (row: number): number =>
      dataset.vector(row).reduce((sum, value, i) => sum + value * query[i]!, 0);
    expect(similarity(declared!.rows[0]!)).toBeGreaterThan(similarity(declared!.rows[99]!));
    dataset.close();
  });

  it('comes from an ann-benchmarks file and the records that belong to it', async () => {
    const dataset = await ensureDataset(store, join(data!, 'docs-en.hdf5'), {
      recordsFile: join(data!, 'docs-en.documents.jsonl.gz'),
      queryRecordsFile: join(data!, 'docs-en.queries.jsonl.gz'),
      name: 'docs-en-records',
    });
    expect(dataset.manifest).toMatchObject({ rows: 32_074, queries: 1000, metric: 'cosine', textColumn: 'content' });
    const types = Object.fromEntries(dataset.manifest.columns.map(({ name, type }) => [name, type]));
    expect(types).toEqual({
      document: 'text',
      source: 'text',
      status: 'text',
      kind: 'text',
      year: 'number',
      title: 'text',
    });
    // Chunks of a query's own document are among its neighbours far more often than by chance (0.07 % on average).
    const documents = (await collect(dataset.rows())).map(({ attributes }) => attributes['document']);
    const asked = (await collect(dataset.queryRows())).map(({ attributes }) => attributes['document']);
    const { k, rows } = (await dataset.declaredNeighbours())!;
    const nearest = asked.filter((document, query) => documents[rows[query * k]!] === document);
    expect(nearest.length).toBeGreaterThan(300);
    dataset.close();
  });

  it('comes from JSON Lines with texts, attributes and separate queries', async () => {
    const queriesFile = join(data!, 'docs-ru.queries.jsonl.gz');
    const dataset = await ensureDataset(store, join(data!, 'docs-ru.documents.jsonl.gz'), {
      queriesFile,
      metric: 'cosine',
    });
    expect(dataset.manifest).toMatchObject({
      rows: 6083,
      dimensions: 256,
      queries: 300,
      textColumn: 'content',
      name: 'docs-ru',
    });
    const [first] = await collect(dataset.queryRows());
    expect(first!.text).toContain('str.lastIndexOf');
    const { text, columns, geometry } = await describeDataset(dataset);
    expect(text).toMatchObject({ language: 'russian', script: 'Cyrillic' });
    expect(columns.find(({ name }) => name === 'kind')!.frequent[0]).toMatchObject({ value: 'article' });
    expect(geometry.intrinsicDimension).toBeGreaterThan(4);
    expect(geometry.intrinsicDimension).toBeLessThan(40);
    dataset.close();
  });
});
