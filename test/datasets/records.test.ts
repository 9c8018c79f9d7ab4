import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { ensureDataset, exportDataset, importDataset, openSource } from '../../src/datasets/index.js';
import { baseVectors, collect, datasetOf, queryVectors, rowsOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();
let stores = 0;
const newStore = (): string => join(folder, `store-${stores++}`);
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const lines = (records: readonly object[]): string => records.map((record) => `${JSON.stringify(record)}\n`).join('');

const vectors = [
  [1, 0],
  [0, 1],
  [1, 1],
];
const records = [
  { id: 'a', status: 'Draft', year: 2001, content: 'one' },
  { id: 'b', status: 'Final', year: null, content: 'two' },
  { id: 'c', status: 'Draft', year: 2003, content: 'three' },
];
const declared = { k: 1, rows: Int32Array.of(2, 0) };
const queries = {
  vectors: [
    [3, 2],
    [2, 1],
  ],
};
/** As ann-benchmarks keeps them: vectors, queries and neighbours, and nothing that says what they are of. */
const [hdf5 = ''] = await exportDataset(
  datasetOf({ vectors, queries, declared, metric: 'cosine' }),
  join(folder, 'docs.hdf5'),
);
/** Vectors alone, in the formats that know nothing else, and in one that could. */
const alone = { vectors, queries };
const [fbin = ''] = await exportDataset(datasetOf(alone), join(folder, 'docs.fbin'));
const [vec = ''] = await exportDataset(datasetOf(alone), join(folder, 'docs.vec.gz'));
const [npy = ''] = await exportDataset(datasetOf(alone), join(folder, 'docs.npy'));
const jsonl = written('vectors.jsonl', lines(vectors.map((v, i) => ({ id: records[i]!.id, v, page: i }))));

const parts = datasetOf({
  vectors,
  ids: records.map(({ id }) => id),
  texts: records.map(({ content }) => content),
  attributes: records.map(({ status, year }) => ({ status, year })),
  textColumn: 'content',
  queries,
});
const recordFiles = [
  written('records.jsonl', lines(records)),
  written('records.jsonl.gz', gzipSync(lines(records))),
  written('records.csv', 'id,status,year,content\na,Draft,2001,one\nb,Final,,two\nc,Draft,2003,three\n'),
  // With vectors, which are other ones and not looked at.
  (await exportDataset(parts, join(folder, 'records.parquet')))[0]!,
];
const twoRecords = written('two.jsonl', `${lines(records.slice(0, 2))}\n`);
const fourRecords = written('four.jsonl', lines([...records, { ...records[0], id: 'd' }]));

describe('vectors and records in files of their own', () => {
  it.each([hdf5, fbin, vec, npy, jsonl].flatMap((path) => recordFiles.map((records) => [path, records])))(
    'are put together from %s and %s',
    async (path, recordsFile) => {
      const queriesFile = written('q.jsonl', lines([{ v: [3, 2] }]));
      const dataset = await ensureDataset(newStore(), path, { recordsFile, queriesFile });
      expect(await baseVectors(dataset)).toEqual(vectors);
      const page = path === jsonl ? [{ page: 0 }, { page: 1 }, { page: 2 }] : [];
      expect(await rowsOf(dataset)).toEqual(
        records.map(({ id, content, ...attributes }, i) => ({
          id,
          text: content,
          attributes: { ...page[i], ...attributes },
        })),
      );
      expect(dataset.manifest).toMatchObject({ textColumn: 'content', queriesHeldOut: false });
      dataset.close();
    },
  );

  it('keep the types that the file of the records declares', async () => {
    const path = join(folder, 'typed.parquet');
    parquetWriteFile({ filename: path, columnData: [{ name: 'large', type: 'INT64', data: [1n, 2n, 3n] }] });
    const dataset = await ensureDataset(newStore(), hdf5, { recordsFile: path });
    expect(dataset.manifest.columns).toEqual([{ name: 'large', type: 'number', sqlType: 'bigint' }]);
    dataset.close();
  });

  it('bring the records of the queries too, and keep the metric and the declared neighbours', async () => {
    const dataset = await ensureDataset(newStore(), hdf5, {
      recordsFile: recordFiles[1]!,
      queryRecordsFile: written('queries.csv', 'id,status,content\n7,Draft,which?\n8,Final,\n'),
    });
    expect(dataset.manifest).toMatchObject({
      name: 'docs',
      metric: 'cosine',
      source: {
        file: 'docs.hdf5',
        records: { file: 'records.jsonl.gz', format: 'JSON Lines' },
        queryRecords: { file: 'queries.csv', format: 'CSV' },
        sha256: [expect.any(String), expect.any(String), expect.any(String)],
      },
    });
    expect(queryVectors(dataset)).toEqual(queries.vectors);
    expect(await collect(dataset.queryRows())).toEqual([
      { id: 7, text: 'which?', attributes: { status: 'Draft' } },
      { id: 8, text: null, attributes: { status: 'Final' } },
    ]);
    expect(await dataset.declaredNeighbours()).toEqual(declared);
    dataset.close();
  });

  it('belong together over many batches, also where rows are held out as queries', async () => {
    const many = Array.from({ length: 2500 }, (_, i) => i + 1);
    const [path = ''] = await exportDataset(
      datasetOf({ vectors: many.map((x) => [x]), queries: { vectors: [[1]] } }),
      join(folder, 'many.fbin'),
    );
    const recordsFile = written('many.jsonl', lines(many.map((x) => ({ id: x, half: x / 2, text: `row ${x}` }))));
    const dataset = await ensureDataset(newStore(), path, { recordsFile });
    const base = await baseVectors(dataset);
    const held = queryVectors(dataset);
    expect([base.length, held.length]).toEqual([2250, 250]);
    const rowOf = ([x = 0]: readonly number[]) => ({ id: x, text: `row ${x}`, attributes: { half: x / 2 } });
    expect(await rowsOf(dataset)).toEqual(base.map(rowOf));
    expect(await collect(dataset.queryRows())).toEqual(held.map(rowOf));
    dataset.close();
  });

  it('leave out a vector that the records have too, and keep other lists of numbers', async () => {
    const recordsFile = written('lists.jsonl', lines(vectors.map(() => ({ embedding: [9, 9], years: [2001, 2002] }))));
    const dataset = await ensureDataset(newStore(), hdf5, { recordsFile });
    expect(await baseVectors(dataset)).toEqual(vectors);
    expect((await rowsOf(dataset)).map(({ attributes }) => attributes)).toEqual(
      vectors.map(() => ({ years: [2001, 2002] })),
    );
    dataset.close();
  });

  it('look for a named text and id in the records', async () => {
    const recordsFile = written('named.jsonl', lines(records.map(({ id, content }) => ({ key: id, said: content }))));
    const fields = { textField: 'said', idField: 'key' };
    const bare = written('bare.jsonl', lines(vectors.map((v) => ({ v }))));
    const queriesFile = written('bare-queries.jsonl', lines([{ v: [1, 2] }]));
    const queryRecordsFile = written('named-query.jsonl', lines([{ key: 'q', said: 'which?' }]));
    const dataset = await ensureDataset(newStore(), bare, { recordsFile, queriesFile, queryRecordsFile, ...fields });
    expect((await rowsOf(dataset)).map(({ id, text }) => [id, text])).toEqual(
      records.map(({ id, content }) => [id, content]),
    );
    expect(await collect(dataset.queryRows())).toEqual([{ id: 'q', text: 'which?', attributes: {} }]);
    dataset.close();
  });

  it('are read again when any of the files has changed', async () => {
    const store = newStore();
    const recordsFile = written('changing.jsonl', lines(records));
    const queryRecordsFile = written('changing-queries.jsonl', lines([{ id: 1 }, { id: 2 }]));
    const hash = async (options = { recordsFile, queryRecordsFile }): Promise<string> => {
      const dataset = await ensureDataset(store, hdf5, options);
      dataset.close();
      return dataset.manifest.hash;
    };
    const before = await hash();
    expect(await hash()).toBe(before);
    written('changing.jsonl', lines(records.map((record) => ({ ...record, status: 'Final' }))));
    const afterRecords = await hash();
    written('changing-queries.jsonl', lines([{ id: 1 }, { id: 3 }]));
    expect(new Set([before, afterRecords, await hash()]).size).toBe(3);
  });
});

describe('what does not belong together is refused', () => {
  const refusal = async (path: string, options: object): Promise<string> => {
    const importing = openSource(path, options).then((source) => importDataset(newStore(), source));
    const error: unknown = await importing.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'dataset' });
    return (error as Error).message;
  };

  it('fewer or more records than vectors', async () => {
    expect(await refusal(hdf5, { recordsFile: twoRecords })).toMatch(
      /two\.jsonl, line 2, byte \d+: expected a record for each vector in .*docs\.hdf5, and there are only 2 records/,
    );
    expect(await refusal(hdf5, { recordsFile: fourRecords })).toMatch(
      /four\.jsonl, line 4, byte \d+: expected a vector for each record, and .*docs\.hdf5 has only 3/,
    );
    expect(await refusal(hdf5, { queryRecordsFile: recordFiles[2] })).toMatch(
      /records\.csv, line 4, byte \d+: expected a query vector for each record, and .*docs\.hdf5 has only 2/,
    );
    expect(
      await refusal(fbin, { recordsFile: recordFiles[3], queriesFile: jsonl, queryRecordsFile: twoRecords }),
    ).toMatch(
      /two\.jsonl, line 2, .*: expected a record for each query vector in .*vectors\.jsonl, and there are only 2 records/,
    );
  });

  it('records in another order than vectors that have ids', async () => {
    expect(await refusal(jsonl, { recordsFile: written('turned.jsonl', lines(records.toReversed())) })).toMatch(
      /turned\.jsonl, line 1, byte 0: expected the id "a" of the vector in .*vectors\.jsonl, got "c"/,
    );
  });

  it('what a row has wrong, with its place in both files', async () => {
    const twice = written('twice.jsonl', lines(records.map((record) => ({ ...record, id: record.year ?? 2001 }))));
    expect(await refusal(vec, { recordsFile: twice })).toMatch(
      /docs\.vec\.gz, line 2, .*, with .*twice\.jsonl, line 2, .*: row 1 has the id 2001 of row 0/,
    );
  });

  it('records in a format that has none, and records for queries that there are not', async () => {
    expect(await refusal(hdf5, { recordsFile: fbin })).toContain(
      'docs.fbin: expected records, and fbin holds nothing but vectors',
    );
    expect(await refusal(fbin, { queryRecordsFile: twoRecords })).toContain('there are no queries that the records in');
  });

  it('files besides a name in the store', async () => {
    const store = newStore();
    (await ensureDataset(store, hdf5, { name: 'stored-docs' })).close();
    await expect(ensureDataset(store, 'stored-docs', { recordsFile: recordFiles[0]! })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('stored-docs is a dataset in the store'),
    });
  });
});
