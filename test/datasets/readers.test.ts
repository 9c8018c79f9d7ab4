import { mkdirSync, rmSync, truncateSync, writeFileSync, openSync, closeSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { importDataset, openSource } from '../../src/datasets/index.js';
import { loadHdf5 } from '../../src/datasets/formats/hdf5/library.js';
import { readVector } from '../../src/datasets/store/vector-file.js';
import { drain, queryVectors, temporaryFolder } from './support.js';

const folder = temporaryFolder();
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const read = async (path: string, options = {}) => {
  const source = await openSource(path, options);
  const base = await drain(source.base(), source.dimensions);
  source.close();
  return { source, ...base };
};
const ints = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);

describe('binary files', () => {
  it('reads bytes and integers as numbers', async () => {
    const bytes = Buffer.from([1, 2, 255, 128]);
    const header = ints(2, 2);
    expect((await read(written('a.u8bin', Buffer.concat([header, bytes])))).vectors).toEqual([
      [1, 2],
      [255, 128],
    ]);
    expect((await read(written('a.i8bin', Buffer.concat([header, bytes])))).vectors).toEqual([
      [1, 2],
      [-1, -128],
    ]);
    expect((await read(written('a.ibin', Buffer.concat([header, ints(1, -2, 3, 4)])))).vectors).toEqual([
      [1, -2],
      [3, 4],
    ]);
    const bvecs = Buffer.concat([ints(2), bytes.subarray(0, 2), ints(2), bytes.subarray(2)]);
    expect((await read(written('a.bvecs', bvecs))).vectors).toEqual([
      [1, 2],
      [255, 128],
    ]);
    expect((await read(written('a.ivecs', ints(2, 7, -8, 2, 9, 10)))).vectors).toEqual([
      [7, -8],
      [9, 10],
    ]);
  });

  it('reads npy of all versions and types', async () => {
    const npy = (
      version: number,
      descr: string,
      numbers: ArrayBufferView,
      shape = '(2, 2)',
      order = 'False',
    ): Buffer => {
      const header = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`;
      const length = version === 1 ? Buffer.from([header.length, 0]) : ints(header.length);
      return Buffer.concat([
        Buffer.from('\x93NUMPY', 'latin1'),
        Buffer.from([version, 0]),
        length,
        Buffer.from(header),
        new Uint8Array(numbers.buffer),
      ]);
    };
    const types = [
      ['<f4', Float32Array.of(1, -2, 3, 0.5)],
      ['<f8', Float64Array.of(1, -2, 3, 0.5)],
      ['<f2', Uint16Array.of(0x3c00, 0xc000, 0x4200, 0x3800)],
    ] as const;
    for (const version of [1, 2, 3]) {
      for (const [descr, numbers] of types) {
        expect((await read(written('a.npy', npy(version, descr, numbers)))).vectors).toEqual([
          [1, -2],
          [3, 0.5],
        ]);
      }
    }
    expect((await read(written('a.npy', npy(1, '|i1', Int8Array.of(1, -2, 3, 4))))).vectors).toEqual([
      [1, -2],
      [3, 4],
    ]);
    expect((await read(written('a.npy', npy(1, '|u1', Uint8Array.of(1, 254, 3, 4))))).vectors).toEqual([
      [1, 254],
      [3, 4],
    ]);
    await expect(openSource(written('b.npy', npy(1, '<f4', types[0][1], '(4,)')))).rejects.toThrow('expected a matrix');
    await expect(openSource(written('b.npy', npy(1, '|O', types[0][1])))).rejects.toThrow('expected a matrix');
  });

  it('reads beyond 2 GiB by pieces', async () => {
    const dimensions = 16_000;
    const rows = Math.ceil((2 ** 31 + 4096) / (4 * dimensions));
    const path = written('sparse.fbin', Buffer.concat([ints(rows, dimensions)]));
    const bytes = 8 + rows * dimensions * 4;
    truncateSync(path, bytes);
    const file = openSync(path, 'r+');
    writeSync(file, new Uint8Array(Float32Array.of(42).buffer), 0, 4, bytes - 4);
    closeSync(file);
    const source = await openSource(path);
    let seen = 0;
    let largest = 0;
    let last: number | undefined;
    for await (const batch of source.base()) {
      seen += batch.rows;
      largest = Math.max(largest, batch.vectors.byteLength);
      last = batch.vectors.at(-1);
    }
    expect({ seen, last }).toEqual({ seen: rows, last: 42 });
    expect(largest).toBeLessThan(2 ** 22);
    // The same numbers, had they been stored without the header's eight bytes.
    const stored = openSync(path, 'r');
    expect(readVector(stored, (bytes - 4) / 4 - 1, 1)[0]).toBe(0);
    expect(readVector(stored, (bytes - 4) / 4, 1)[0]).toBe(42);
    closeSync(stored);
    rmSync(path);
  });
});

describe('JSON Lines', () => {
  it('finds vector, text and id by their names or their only possibility', async () => {
    const both = '{"_id":"x","scores":[5,6],"vector":[1,2],"body":"b","document":"d"}\n';
    const found = await read(written('names.jsonl', both));
    expect(found).toMatchObject({
      vectors: [[1, 2]],
      ids: ['x'],
      texts: ['b'],
      attributes: [{ scores: [5, 6], document: 'd' }],
    });
    const told = await read(written('names.jsonl', both), {
      vectorField: 'scores',
      textField: 'document',
      idField: 'body',
    });
    expect(told).toMatchObject({
      vectors: [[5, 6]],
      ids: ['b'],
      texts: ['d'],
      attributes: [{ _id: 'x', vector: [1, 2] }],
    });
    expect((await read(written('only.jsonl', '{"numbers":[1,2]}\n{"numbers":[3,4]}'))).vectors).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('takes vectors in text form, as row_to_json writes them', async () => {
    const lines = '{"title":"a","embedding":"[1,2]"}\n{"title":"[3]","embedding":"[3, 4.5]"}\n';
    expect(await read(written('rows.jsonl', lines))).toMatchObject({
      vectors: [
        [1, 2],
        [3, 4.5],
      ],
      attributes: [{ title: 'a' }, { title: '[3]' }],
    });
  });

  it('takes byte order marks, CRLF and blank lines', async () => {
    const { vectors } = await read(written('windows.jsonl', '\ufeff{"v":[1,2]}\r\n\r\n{"v":[3,4]}\r\n'));
    expect(vectors).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('takes names that are special in JavaScript', async () => {
    const { attributes } = await read(written('proto.jsonl', '{"__proto__":{"a":1},"constructor":"c","v":[1]}\n'));
    expect(JSON.stringify(attributes)).toBe('[{"__proto__":{"a":1},"constructor":"c"}]');
  });

  it('decompresses gzip of several members and Zstandard', async () => {
    const lines = ['{"id":1,"embedding":[1,2]}\n', '{"id":2,"embedding":[3,4]}\n'];
    expect((await read(written('a.jsonl.gz', Buffer.concat(lines.map((line) => gzipSync(line)))))).ids).toEqual([1, 2]);
    const zstd = Buffer.from('KLUv/QRoXQEAJAJ7ImlkIjoxLCJlbWJlZGRpbmciOlsxLDJdfQoyMyw0XX0KAgBAih2bY/vvX8o=', 'base64');
    expect(await read(written('a.jsonl.zst', zstd))).toMatchObject({
      ids: [1, 2],
      vectors: [
        [1, 2],
        [3, 4],
      ],
    });
    for (let end = 0; end < zstd.length - 4; end++) {
      const path = written('cut.jsonl.zst', zstd.subarray(0, end));
      await expect(read(path)).rejects.toMatchObject({ code: 'dataset' });
    }
    const window = Buffer.from(zstd);
    window[5] = 0xff;
    await expect(read(written('window.jsonl.zst', window))).rejects.toMatchObject({ code: 'dataset' });
  });
});

describe('CSV', () => {
  it('reads what \\copy writes', async () => {
    const csv =
      'id,title,year,ok,embedding\n1,"a ""b"", c",,t,"[1,2]"\n2,"",1999,f,"[3,4]"\n3,"two\nlines",2000,t,"[5,6]"\n';
    const { ids, attributes, vectors } = await read(written('copy.csv', csv));
    expect(ids).toEqual([1, 2, 3]);
    expect(vectors).toEqual([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(attributes).toEqual([
      { title: 'a "b", c', year: null, ok: true },
      { title: '', year: 1999, ok: false },
      { title: 'two\nlines', year: 2000, ok: true },
    ]);
  });

  it('names the line of a record after others with line ends in them', async () => {
    const path = written('lines.csv', 'title,embedding\n"two\nlines","[1,2]"\nx,"[1]"\n');
    await expect(read(path)).rejects.toThrow('line 4');
  });
});

describe('HDF5', () => {
  it('reads integers, doubles and booleans, with and without chunks', async () => {
    const { File } = await loadHdf5();
    const tables = [
      { data: Int8Array.of(1, -2, 3, 4), dtype: '<b' },
      { data: Uint8Array.of(1, 2, 3, 4), dtype: '<B' },
      { data: Int32Array.of(1, -2, 3, 4), dtype: '<i' },
      { data: Float64Array.of(1, -2, 3, 0.5), dtype: '<d' },
      { data: Float32Array.of(1, -2, 3, 0.5), dtype: '<f', chunks: [1, 1], compression: 9 },
    ];
    for (const [i, table] of tables.entries()) {
      const path = join(folder, `types-${i}.h5`);
      const file = new File(path, 'w');
      file.create_dataset({ name: 'train', shape: [2, 2], ...table });
      file.close();
      const { vectors, source } = await read(path);
      expect(vectors.flat()).toEqual(Array.from(table.data));
      expect(source.queries()).toBeNull();
    }
  });

  it('refuses what is no matrix of numbers', async () => {
    const { File } = await loadHdf5();
    const path = join(folder, 'flat.hdf5');
    const file = new File(path, 'w');
    file.create_dataset({ name: 'train', data: Float32Array.of(1, 2, 3), shape: [3], dtype: '<f' });
    file.close();
    await expect(openSource(path)).rejects.toThrow(
      'expected a dataset "train" as in ann-benchmarks, got none with rows of numbers',
    );
    const other = new File(path, 'w');
    for (const name of ['one', 'two']) {
      other.create_dataset({ name, data: Float32Array.of(1, 2), shape: [1, 2], dtype: '<f' });
    }
    other.close();
    await expect(openSource(path)).rejects.toThrow('expected a dataset "train" as in ann-benchmarks, got one, two');
  });
});

describe('Parquet', () => {
  it('reads pages of version 1 with dictionaries, as pyarrow writes them', async () => {
    // pyarrow 25: write_table(…, compression='gzip', data_page_version='1.0', store_schema=False, write_statistics=False)
    const file = [
      'UEFSMRUEFTAVOEwVBhUAEgAAH4sIAAAAAAACA2NlgAA2KM0OpQGlUbYSGAAAABUAFRQVPCwVBhUQFQYVBhwAAAAfiwgAAAAAAAID',
      'Y2JgYGBjZGJWYQAAkuXhVQoAAAAVBBUKFTJMFQIVABIAAB+LCAAAAAAAAgNjZGBgSAQAY4/3wQUAAAAVABUSFTosFQYVEBUGFQYc',
      'AAAAH4sIAAAAAAACA2NiYGBgZmVkYQAA+Rkv3QkAAAAVBBUUFThMFQQVABIAAB+LCAAAAAAAAgNjZGBgqGAEEpUAzGyA/woAAAAV',
      'ABUgFUIsFQgVEBUGFQYcAAAAH4sIAAAAAAACA2NiYGBgZmIGkfIMjMxMACGUGw8QAAAAFQQVMBVMTBUMFQASAAAfiwgAAAAAAAID',
      'Y2BosGdgYHAAIiBuAOIFQHzAAQAk5TkZGAAAABUAFSIVRiwVDBUQFQYVBhwAAAAfiwgAAAAAAAIDY2JgYGDWYgKSPMzMzB3HmADU',
      'EdqCEQAAABUEGZw1ABgGc2NoZW1hFQgAFQQlAhgCaWQAFQwlAhgFdGl0bGUlAEwcAAAANQIYBHRhZ3MVAhUGTDwAAAA1BBgEbGlz',
      'dBUCABUMJQIYB2VsZW1lbnQlAEwcAAAANQIYCWVtYmVkZGluZxUCFQZMPAAAADUEGARsaXN0FQIAFQglAhgHZWxlbWVudAAWBhkc',
      'GUwmABwVBBk1AAYQGRgCaWQVBBYGFoYBFrYBJlwmCCksFQQVABUCABUAFRAVAgA8KQYZJgAGAAAAJgAcFQwZNQAGEBkYBXRpdGxl',
      'FQQWBhZeFq4BJowCJr4BKSwVBBUAFQIAFQAVEBUCADwWBBkGGSYCBAAAACYAHBUMGTUABhAZOAR0YWdzBGxpc3QHZWxlbWVudBUE',
      'FggWdha8ASbAAybsAiksFQQVABUCABUAFRAVAgA8FgQZJgYCGUYCAgAEAAAAJgAcFQgZNQAGEBk4CWVtYmVkZGluZwRsaXN0B2Vs',
      'ZW1lbnQVBBYMFpQBFtQBJpAFJqgEKSwVBBUAFQIAFQAVEBUCADwpJgYGGUYAAAAMAAAAFu4DFgYmCBb0BQAoIHBhcnF1ZXQtY3Bw',
      'LWFycm93IHZlcnNpb24gMjUuMC4xGUwcAAAcAAAcAAAcAAAA3wEAAFBBUjE=',
    ].join('');
    expect(await read(written('pyarrow.parquet', Buffer.from(file, 'base64')))).toMatchObject({
      ids: [5, 6, 7],
      vectors: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      attributes: [
        { title: 'a', tags: ['x', 'y'] },
        { title: null, tags: [] },
        { title: 'a', tags: null },
      ],
    });
  });

  it('keeps the types that its schema declares, and the values tell the others', async () => {
    const path = join(folder, 'typed.parquet');
    const leaf = (name: string, element: object) => ({ name, repetition_type: 'OPTIONAL', ...element });
    parquetWriteFile({
      filename: path,
      schema: [
        { name: 'root', num_children: 7 },
        { name: 'emb', converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
        { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
        { name: 'element', repetition_type: 'OPTIONAL', type: 'FLOAT' },
        leaf('whole', { type: 'INT32' }),
        leaf('large', { type: 'INT64' }),
        leaf('score', { type: 'FLOAT' }),
        leaf('weight', { type: 'DOUBLE' }),
        leaf('day', { type: 'INT32', converted_type: 'DATE' }),
        leaf('at', { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' }),
      ] as never,
      columnData: [
        {
          name: 'emb',
          data: [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
        },
        { name: 'whole', data: [1, 2, null] },
        { name: 'large', data: [1n, 2n, 3n] },
        { name: 'score', data: [0.5, 1, 2] },
        { name: 'weight', data: [0.5, 1, 2] },
        { name: 'day', data: [new Date('2026-01-01'), new Date('2026-01-02'), null] },
        { name: 'at', data: [new Date('2026-01-01T10:00:00Z'), new Date('2026-01-02'), null] },
      ],
    });
    const dataset = await importDataset(join(folder, 'typed'), await openSource(path), { queries: 1 });
    dataset.close();
    expect(dataset.manifest.columns).toEqual([
      { name: 'whole', type: 'number', sqlType: 'integer' },
      { name: 'large', type: 'number', sqlType: 'bigint' },
      { name: 'score', type: 'number', sqlType: 'real' },
      { name: 'weight', type: 'number' },
      { name: 'day', type: 'date', sqlType: 'date' },
      { name: 'at', type: 'date' },
    ]);
  });
});

describe('a VectorDBBench folder', () => {
  const list = (name: string, element: object): object[] => [
    { name, converted_type: 'LIST', repetition_type: 'OPTIONAL', num_children: 1 },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type: 'OPTIONAL', ...element },
  ];
  const write = (path: string, ids: bigint[], name: string, data: unknown[][], element: object): void => {
    const schema = [
      { name: 'root', num_children: 2 },
      { name: 'id', type: 'INT64', repetition_type: 'REQUIRED' },
      ...list(name, element),
    ];
    parquetWriteFile({
      filename: path,
      schema: schema as never,
      columnData: [
        { name: 'id', data: ids },
        { name, data },
      ],
    });
  };
  const makeFolder = (name: string, neighbours: bigint[][]): string => {
    const path = join(folder, name);
    mkdirSync(path);
    // Rows are shuffled, and in two files: neighbours are known by id.
    write(
      join(path, 'train-00-of-02.parquet'),
      [30n, 10n],
      'emb',
      [
        [3, 3],
        [1, 1],
      ],
      { type: 'FLOAT' },
    );
    write(join(path, 'train-01-of-02.parquet'), [20n], 'emb', [[2, 2]], { type: 'FLOAT' });
    write(
      join(path, 'test.parquet'),
      [0n, 1n],
      'emb',
      [
        [1, 2],
        [3, 2],
      ],
      { type: 'FLOAT' },
    );
    write(join(path, 'neighbors.parquet'), [0n, 1n], 'neighbors_id', neighbours, { type: 'INT64' });
    return path;
  };

  it('is read with its queries and neighbours', async () => {
    const source = await openSource(
      makeFolder('openai', [
        [10n, 20n],
        [30n, 20n],
      ]),
    );
    const dataset = await importDataset(join(folder, 'store'), source, { metric: 'cosine' });
    expect(dataset.manifest).toMatchObject({ name: 'openai', rows: 3, queries: 2, dimensions: 2 });
    expect(queryVectors(dataset)).toEqual([
      [1, 2],
      [3, 2],
    ]);
    expect(await dataset.declaredNeighbours()).toEqual({ k: 2, rows: Int32Array.of(1, 2, 0, 2) });
  });

  it('keeps no neighbours when one is not there', async () => {
    const source = await openSource(makeFolder('torn', [[10n], [99n]]));
    const dataset = await importDataset(join(folder, 'store'), source);
    expect(await dataset.declaredNeighbours()).toBeNull();
    dataset.close();
  });

  it('names the parts that are missing', async () => {
    const path = makeFolder('parts', [
      [10n, 20n],
      [30n, 20n],
    ]);
    rmSync(join(path, 'train-00-of-02.parquet'));
    await expect(openSource(path)).rejects.toThrow('1 of 2 parts are missing: train-00-of-02.parquet');
  });

  it('names what it expects of a folder', async () => {
    mkdirSync(join(folder, 'other'));
    await expect(openSource(join(folder, 'other'))).rejects.toThrow(
      'expected a VectorDBBench folder, BEIR folder, qdrant folder, got no files',
    );
  });
});

describe('neighbours in a file of their own', () => {
  const base = (): string => written('base.vec', '[1,0]\n[0,1]\n[2,2]\n');
  const queriesFile = (): string => written('queries.vec', '[1,1]\n[0,3]\n');
  const importWith = async (neighboursFile: string) => {
    const source = await openSource(base(), { queriesFile: queriesFile(), neighboursFile });
    return importDataset(join(folder, 'store'), source, { name: 'declared' });
  };
  const expected = { k: 2, rows: Int32Array.of(0, 1, 1, 2) };

  it('are read from texmex and big-ann, there with distances behind them', async () => {
    const ivecs = written('truth.ivecs', ints(2, 0, 1, 2, 1, 2));
    expect(await (await importWith(ivecs)).declaredNeighbours()).toEqual(expected);
    const distances = new Uint8Array(Float32Array.of(1, 1, 2, 5).buffer);
    const ibin = written('truth.ibin', Buffer.concat([ints(2, 2, 0, 1, 1, 2), distances]));
    expect(await (await importWith(ibin)).declaredNeighbours()).toEqual(expected);
  });

  it.each([
    ['fraction.vec', '[0,1]\n[1,0.5]\n', 'fraction.vec, row 1: expected row numbers below 16,777,216, got 0.5'],
    ['large.vec', '[0,16777216]\n[1,2]\n', 'large.vec, row 0: expected row numbers'],
    ['short.vec', '[0,1]\n', 'expected 2 declared neighbours for each of 2 queries, got 2 in all'],
    ['negative.vec', '[0,1]\n[1,-2]\n', 'negative.vec, row 1: expected row numbers'],
  ])('are refused in %s', async (name, content, message) => {
    await expect(importWith(written(name, content))).rejects.toThrow(message);
  });

  it('need queries', async () => {
    const opening = openSource(base(), { neighboursFile: written('truth.vec', '[0]\n') });
    await expect(opening).rejects.toThrow(/base\.vec: there are no queries that the neighbours in .*truth\.vec could/);
  });
});

it('takes queries from a file of another format', async () => {
  const queriesFile = written('q.vec', '[9,9]\n');
  const source = await openSource(written('b.jsonl', '{"v":[1,2]}\n{"v":[3,4]}\n'), { queriesFile });
  const dataset = await importDataset(join(folder, 'store'), source, { name: 'mixed' });
  expect(queryVectors(dataset)).toEqual([[9, 9]]);
  expect(dataset.manifest).toMatchObject({ rows: 2, queriesHeldOut: false });
});
