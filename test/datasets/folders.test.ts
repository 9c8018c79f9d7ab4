import { existsSync, mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { ensureDataset, exportDataset, judgementsOfQueries, openSource, readQrels } from '../../src/datasets/index.js';
import type { ImportNote } from '../../src/progress.js';
import { baseVectors, collect, datasetOf, drain, queryVectors, rowsOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();
let made = 0;
function folderOf(files: Readonly<Record<string, string>>): string {
  const path = join(folder, `folder-${made++}`);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}
const lines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');
const vectors = [
  [1, 0],
  [0, 1],
  [1, 1],
];
const queries = [
  [3, 2],
  [2, 1],
];
async function addMatrix(path: string, name: string, rows: readonly (readonly number[])[]): Promise<void> {
  const one = { vectors: rows.slice(0, 1) };
  const [written = ''] = await exportDataset(
    datasetOf({ vectors: rows, queries: one }),
    join(folder, `m${made++}.npy`),
  );
  const { copyFileSync } = await import('node:fs');
  copyFileSync(written, join(path, name));
}
const imported = async (path: string, options: object = {}) => {
  const notes: ImportNote[] = [];
  const dataset = await ensureDataset(join(folder, `store-${made++}`), path, {
    ...options,
    onNote: (note) => notes.push(note),
  });
  return { dataset, notes };
};

describe('a folder of BEIR', () => {
  const corpus = ['d1', 'd2', 'd3'].map((_id, i) => ({ _id, title: `t${i}`, text: `text ${i}`, metadata: {} }));
  const asked = ['q1', 'q2'].map((_id) => ({ _id, text: `what is ${_id}?` }));
  const qrels = 'query-id\tcorpus-id\tscore\nq1\td3\t2\nq1\td1\t0\nq9\td1\t1\n';

  it('is read with its judgements, vectors in files of their own', async () => {
    const path = folderOf({ 'corpus.jsonl': lines(corpus), 'queries.jsonl': lines(asked), 'qrels/test.tsv': qrels });
    await addMatrix(path, 'corpus.npy', vectors);
    await addMatrix(path, 'queries.npy', queries);
    const { dataset } = await imported(path);
    expect(await baseVectors(dataset)).toEqual(vectors);
    expect(queryVectors(dataset)).toEqual(queries);
    expect((await rowsOf(dataset)).map(({ id, text }) => [id, text])).toEqual(
      corpus.map(({ _id, text }) => [_id, text]),
    );
    const judgements = await judgementsOfQueries(dataset);
    expect(judgements?.byQuery.map((grades) => [...grades])).toEqual([
      [
        [2, 2],
        [0, 0],
      ],
      [],
    ]);
    dataset.close();
  });

  it('is read with the vectors in its records, and without queries', async () => {
    const withVectors = corpus.map((record, i) => ({ ...record, embedding: vectors[i] }));
    const source = await openSource(folderOf({ 'corpus.jsonl': lines(withVectors) }));
    expect((await drain(source.base(), 2)).vectors).toEqual(vectors);
    expect(source.queries()).toBeNull();
    source.close();
  });
});

it('reads a folder of qdrant with payloads and conditions', async () => {
  const payloads = ['London', 'Berlin', 'London'].map((city, a) => ({ city, a }));
  const tests = queries.map((query) => ({
    query,
    conditions: { and: [{ city: { match: { value: 'London' } } }] },
    closest_ids: [0],
    closest_scores: [0.5],
  }));
  const path = folderOf({ 'payloads.jsonl': lines(payloads), 'tests.jsonl': lines(tests) });
  await addMatrix(path, 'vectors.npy', vectors);
  const { dataset, notes } = await imported(path);
  expect((await rowsOf(dataset)).map(({ attributes }) => attributes)).toEqual(payloads);
  expect(queryVectors(dataset)).toEqual(queries);
  expect((await collect(dataset.queryRows())).map(({ attributes }) => attributes)).toEqual(
    tests.map(({ conditions }) => ({ conditions })),
  );
  expect(notes).toEqual([{ code: 'files-ignored', data: { files: ['tests.jsonl (closest_ids)'] } }]);
  dataset.close();
});

/** Of this process, where the system tells (Linux). */
function openFiles(): readonly string[] {
  const fds = '/proc/self/fd';
  return existsSync(fds)
    ? readdirSync(fds).flatMap((fd) => {
        try {
          return [readlinkSync(join(fds, fd))];
        } catch {
          return [];
        }
      })
    : [];
}

describe('a folder of VectorDBBench', () => {
  async function vdb(): Promise<string> {
    const ids = [30, 10, 20];
    const path = join(folder, `vdb-${made++}`);
    await exportDataset(datasetOf({ vectors, ids, queries: { vectors: queries } }), path);
    return path;
  }
  const write = (path: string, columns: Readonly<Record<string, readonly unknown[]>>): void =>
    parquetWriteFile({
      filename: path,
      columnData: Object.entries(columns).map(([name, data]) => ({ name, data: [...data] })),
    });

  it('is read with its labels, and says that it computes the filtered neighbours', async () => {
    const path = await vdb();
    write(join(path, 'scalar_labels.parquet'), { id: [10n, 20n, 30n], labels: ['label_1p', 'label_2p', 'label_3p'] });
    write(join(path, 'neighbors_labels_label_1p.parquet'), { id: [0n], neighbors_id: [[10]] });
    const { dataset, notes } = await imported(path);
    expect((await rowsOf(dataset)).map(({ id, attributes }) => [id, attributes])).toEqual([
      [30, { labels: 'label_3p' }],
      [10, { labels: 'label_1p' }],
      [20, { labels: 'label_2p' }],
    ]);
    expect(notes).toEqual([{ code: 'files-ignored', data: { files: ['neighbors_labels_label_1p.parquet'] } }]);
    dataset.close();
  });

  it('is read with every part of each of its files', async () => {
    const path = join(folder, `vdb-${made++}`);
    mkdirSync(path);
    for (const part of [0, 1]) {
      const file = (name: string): string => join(path, `${name}-0${part}-of-02.parquet`);
      write(file('train'), { id: [BigInt(part)], emb: [vectors[part]!] });
      write(file('test'), { id: [BigInt(part)], emb: [queries[part]!] });
      write(file('scalar_labels'), { id: [BigInt(part)], labels: [`label ${part}`] });
      write(file('neighbors'), { id: [BigInt(part)], neighbors_id: [[part, 1 - part]] });
    }
    const { dataset } = await imported(path);
    expect((await rowsOf(dataset)).map(({ attributes }) => attributes)).toEqual([
      { labels: 'label 0' },
      { labels: 'label 1' },
    ]);
    expect(queryVectors(dataset)).toEqual(queries);
    expect([...(await dataset.declaredNeighbours())!.rows]).toEqual([0, 1, 1, 0]);
    dataset.close();
    expect(openFiles().filter((file) => file.startsWith(path))).toEqual([]);
  });
});

describe('judgements', () => {
  const dataset = datasetOf({
    vectors,
    ids: ['d1', 'd 2', 'd3'],
    queries: { vectors: queries, ids: ['q1', 'q2'] },
  });
  const read = async (content: string) => {
    const path = join(folder, `q${made++}.tsv`);
    writeFileSync(path, content);
    return readQrels(path, dataset);
  };

  it.each([
    ['TREC', 'q1 0 d3 2\nq2 0 d1 1\n'],
    ['TREC with tabs', 'q1\t0\td3\t2\nq2\tQ0\td1\t1\n'],
    ['BEIR', 'query-id\tcorpus-id\tscore\nq1\td3\t2\nq2\td1\t1\n'],
    ['three columns', 'q1 d3 2\nq2 d1 1\n'],
  ])('are read as %s', async (_, content) => {
    expect((await read(content)).byQuery.map((grades) => [...grades])).toEqual([[[2, 2]], [[0, 1]]]);
  });

  it('are read from two columns, as MS MARCO has them, with ids that have blanks', async () => {
    expect((await read('q1\td 2\nq2\td1\n')).byQuery.map((grades) => [...grades])).toEqual([[[1, 1]], [[0, 1]]]);
  });

  it('name what the dataset does not have', async () => {
    const { unknown, firstUnknown } = await read('q1 0 d3 2\nq1 0 d9 1\nq7 0 d1 1\n');
    expect(unknown).toBe(2);
    expect(firstUnknown.map(({ query, row }) => [query, row])).toEqual([
      ['q1', 'd9'],
      ['q7', 'd1'],
    ]);
  });

  it.each(['q1 0 d3 x\n', 'q1 0 d3 2\nq1 d3 2\n', 'q1\n', 'a b c d 1\n'])('are refused as %j', async (content) => {
    await expect(read(content)).rejects.toMatchObject({ code: 'dataset' });
  });
});
