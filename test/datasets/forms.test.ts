import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importDataset, openSource } from '../../src/datasets/index.js';
import { loadHdf5 } from '../../src/datasets/formats/hdf5/library.js';
import { drain, temporaryFolder } from './support.js';
import { Digits, recordFormats, type TestTable } from './table-files.js';

/*
 * What files of records may look like, times every format that holds records: none lacks what another has. The same table
 * is in docs/datasets.md.
 */

const folder = temporaryFolder();
const formats = Object.keys(recordFormats);
const texts = formats.filter((format) => format !== '.parquet');

const read = async (path: string, options = {}) => {
  const source = await openSource(path, options);
  const base = await drain(source.base(), source.dimensions);
  source.close();
  return { dimensions: source.dimensions, textColumn: source.textColumn, ...base };
};
let files = 0;
const write = (format: string, table: TestTable): string => recordFormats[format]!(folder, `t${files++}`, table);
const written = (name: string, content: string | Uint8Array): string => {
  const path = join(folder, `w${files++}${name}`);
  writeFileSync(path, content);
  return path;
};

const vectors = [
  [0.5, -1, 2, 0, 1, 8, -0.25, 3],
  [1, 0.125, 0, 0, 4, 0, 0.5, -2],
  [0, 0, 16, 1, 0, 1, 0.75, 1],
];
const bits = vectors.map((vector) => vector.map((value) => (value > 0 ? 1 : 0)));
const float32 = (vector: readonly number[]): Buffer => Buffer.from(Float32Array.from(vector).buffer);

/** Each way in which text may hold a vector, and the vectors that it can hold. */
const textForms: Readonly<Record<string, (vector: readonly number[]) => string>> = {
  pgvector: (vector) => `[${vector.join(',')}]`,
  'a list of Python': (vector) => `[${vector.join(', ')}]`,
  'printed by NumPy': (vector) => `[ ${vector.slice(0, 4).join('  ')}\n  ${vector.slice(4).join(' ')}]`,
  'real[]': (vector) => `{${vector.join(',')}}`,
  sparsevec: (vector) =>
    `{${vector.flatMap((value, i) => (value === 0 ? [] : `${i + 1}:${value}`)).join(',')}}/${vector.length}`,
  base64: (vector) => float32(vector).toString('base64'),
};

describe.each(formats)('%s reads', (format) => {
  const ids = ['a', 'b', 'c'];
  const tableOf = (values: readonly unknown[], name = 'embedding'): TestTable => ({
    columns: ['id', 'note', name],
    rows: values.map((value, i) => [ids[i], `note ${i}`, value]),
  });
  const notes = ids.map((_, i) => ({ note: `note ${i}` }));

  it.each(Object.keys(textForms))('a vector as text: %s', async (form) => {
    const path = write(format, tableOf(vectors.map(textForms[form]!)));
    expect(await read(path)).toMatchObject({ vectors, ids, attributes: notes });
  });

  it('bits', async () => {
    expect(await read(write(format, tableOf(bits.map((vector) => vector.join('')))))).toMatchObject({
      vectors: bits,
      ids,
    });
  });

  it('one column a dimension', async () => {
    const columns = ['id', ...vectors[0]!.map((_, i) => `dim_${i}`), 'note'];
    const path = write(format, { columns, rows: vectors.map((vector, i) => [ids[i], ...vector, `note ${i}`]) });
    const expected = { vectors, ids, attributes: notes };
    expect(await read(path)).toMatchObject(expected);
    expect(await read(path, { vectorField: 'dim_*' })).toMatchObject(expected);
  });

  it('capitalised names', async () => {
    const columns = ['ID', 'Content', 'Embedding', 'Year'];
    const path = write(format, {
      columns,
      rows: vectors.map((vector, i) => [ids[i], `text ${i}`, `[${vector.join(',')}]`, 2000 + i]),
    });
    expect(await read(path)).toMatchObject({
      vectors,
      ids,
      textColumn: 'Content',
      texts: ids.map((_, i) => `text ${i}`),
      attributes: ids.map((_, i) => ({ Year: 2000 + i })),
    });
  });

  it("a table with pandas' index", async () => {
    const columns = ['Unnamed: 0', 'id', 'embedding'];
    const path = write(format, { columns, rows: vectors.map((vector, i) => [i, ids[i], `[${vector.join(',')}]`]) });
    expect(await read(path)).toMatchObject({ vectors, ids, attributes: [] });
  });

  it('a vector, an id, a text and attributes within another field', async () => {
    const columns = ['record', 'lang'];
    const record = (i: number) => ({
      key: ids[i],
      said: `text ${i}`,
      tenant: { id: i },
      data: [{ vector: vectors[i] }],
    });
    const path = write(format, { columns, rows: ids.map((_, i) => [record(i), 'de']) });
    expect(await read(path)).toMatchObject({
      vectors,
      attributes: ids.map((id, i) => ({
        record: { key: id, said: `text ${i}`, tenant: { id: i }, data: [{}] },
        lang: 'de',
      })),
    });
    const fields = { vectorField: 'record.data[0].vector', idField: 'record.key', textField: 'record.said' };
    expect(await read(path, { ...fields, attributes: ['record.tenant.id', 'lang'] })).toMatchObject({
      vectors,
      ids,
      textColumn: 'record.said',
      texts: ids.map((_, i) => `text ${i}`),
      attributes: ids.map((_, i) => ({ 'record.tenant.id': i, lang: 'de' })),
    });
    await expect(openSource(path, { ...fields, attributes: ['record.other'] })).rejects.toThrow(
      'expected a field "record.other" for the attribute',
    );
  });

  it('integers that a double would round, digit for digit', async () => {
    const large = ['1834567890123456700', '1834567890123456701', '1834567890123456702'];
    const columns = ['id', 'thread', 'embedding'];
    const rows = vectors.map((vector, i) => [
      new Digits(large[i]!),
      new Digits(large[2 - i]!),
      `[${vector.join(',')}]`,
    ]);
    expect(await read(write(format, { columns, rows }))).toMatchObject({
      ids: large,
      attributes: large.map((_, i) => ({ thread: large[2 - i] })),
    });
  });

  it('rows without a vector, which the import refuses', async () => {
    const path = write(format, tableOf([null, ...vectors.slice(1).map((vector) => `[${vector.join(',')}]`)]));
    expect((await read(path)).dimensions).toBe(8);
    const importing = openSource(path).then((source) => importDataset(join(folder, 'store'), source));
    await expect(importing).rejects.toThrow(/row 0 has no vector/);
  });

  it('nothing where a row has several vectors', async () => {
    const path = write(format, tableOf(vectors.map((vector) => [vector.slice(0, 4), vector.slice(4)])));
    await expect(openSource(path)).rejects.toThrow('in "embedding", a row has several vectors');
  });

  it('nothing where NumPy left numbers out', async () => {
    await expect(openSource(write(format, tableOf(vectors.map(() => '[0.1 0.2 ... 0.9 1.0]'))))).rejects.toMatchObject({
      message: expect.stringContaining('NumPy printed only the first and last numbers'),
      hint: expect.stringContaining('tolist()'),
    });
  });
});

describe.each(texts)('%s', (format) => {
  it('keeps fractional ids as they are written', async () => {
    const rows = ['1501.0259', '1501.02590', '1501.025'].map((id, i) => [new Digits(id), `[${vectors[i]!.join(',')}]`]);
    const { ids } = await read(write(format, { columns: ['id', 'embedding'], rows }));
    expect(ids).toEqual(['1501.0259', '1501.02590', '1501.025']);
  });

  it('is refused when it is not UTF-8, with the way to convert it', async () => {
    const path = write(format, {
      columns: ['id', 'embedding', 'note'],
      rows: [
        ['a', '[1,2]', 'Gr\u{fc}n'],
        ['b', '[3,4]', 'x'],
      ],
    });
    const { readFileSync } = await import('node:fs');
    const latin = Buffer.from(readFileSync(path, 'utf8'), 'latin1');
    writeFileSync(path, latin);
    await expect(openSource(path)).rejects.toMatchObject({
      message: expect.stringContaining('expected UTF-8 text'),
      hint: expect.stringContaining('iconv -f WINDOWS-1252'),
    });
  });
});

describe('files of rows without a header', () => {
  const lines = (delimiter: string, first = (i: number): string => String(i + 10)): string =>
    vectors.map((vector, i) => [first(i), `"[${vector.join(', ')}]"`, `text ${i}`].join(delimiter)).join('\n');

  it.each([
    [',', '.csv'],
    [';', '.csv'],
    ['\t', '.tsv'],
  ])('keep their first row, between %j', async (delimiter, extension) => {
    expect(await read(written(extension, `${lines(delimiter)}\n`))).toMatchObject({
      vectors,
      ids: [10, 11, 12],
      texts: ['text 0', 'text 1', 'text 2'],
      attributes: [],
    });
  });

  it('take no column for the id that is none', async () => {
    expect(await read(written('.csv', `${lines(',', () => '7')}\n`))).toMatchObject({
      ids: [],
      attributes: [{ column1: 7 }, { column1: 7 }, { column1: 7 }],
    });
  });

  it('are read as COPY writes them', async () => {
    const rows = [
      ['7', '[1,2]', '\\N', '{"lang":"de"}'],
      ['8', '[3,4]', 'two\\nlines\\tand \\\\', '{"lang":"a\\\\"b"}'],
    ];
    for (const extension of ['.tsv', '.copy']) {
      expect(await read(written(extension, `${rows.map((row) => row.join('\t')).join('\n')}\n`))).toMatchObject({
        vectors: [
          [1, 2],
          [3, 4],
        ],
        ids: [7, 8],
        texts: [null, 'two\nlines\tand \\'],
        attributes: [{ column4: { lang: 'de' } }, { column4: { lang: 'a"b' } }],
      });
    }
  });

  it('may be nothing but numbers, with a count of the rows or without', async () => {
    const numbers = vectors.map((vector) => vector.join(',')).join('\n');
    expect(await read(written('.csv', numbers))).toMatchObject({ vectors, ids: [] });
    const counted = vectors.map((vector, i) => `${i},${vector.join(',')}`).join('\n');
    expect(await read(written('.csv', counted))).toMatchObject({ vectors, ids: [0, 1, 2] });
  });
});

it("refuses COPY's null where the rows before were no rows of COPY", async () => {
  const rows = Array.from({ length: 1001 }, (_, i) => `${i}\t[1,2]\tx`);
  const path = written('.tsv', ['id\tembedding\tnote', ...rows, '1001\t[1,2]\t\\N'].join('\n'));
  await expect(read(path)).rejects.toMatchObject({ hint: expect.stringContaining('.copy') });
});

it('refuses a dump of INSERT statements, and one of several tables with vectors', async () => {
  const inserts = "INSERT INTO public.items VALUES (1, '[1,2]');\n";
  await expect(openSource(written('.sql', inserts))).rejects.toThrow('got INSERT statements');
  const two = ['a', 'b'].map((name) => `COPY ${name} (v) FROM stdin;\n[1,2]\n\\.\n`).join('\n');
  await expect(openSource(written('.sql', two))).rejects.toThrow('rows of one table with vectors, got a, b');
});

describe('one vector a line', () => {
  const words = ['the', ',', '. .'];
  const lines = vectors.map((vector, i) => `${words[i]} ${vector.join(' ')}`);

  it('is read behind words, as GloVe and word2vec write them', async () => {
    expect(await read(written('.txt', lines.join('\n')))).toMatchObject({ vectors, ids: words });
    expect(await read(written('.vec', ['3 8', ...lines].join('\n')))).toMatchObject({ vectors, ids: words });
  });

  it('is read as numbers alone, as numpy.savetxt writes them', async () => {
    for (const separator of [' ', ',', ', ']) {
      const path = written('.txt', vectors.map((vector) => vector.join(separator)).join('\n'));
      expect(await read(path)).toMatchObject({ vectors, ids: [] });
    }
    expect((await read(written('.txt', '3 1\n4 2\n'))).vectors).toEqual([
      [3, 1],
      [4, 2],
    ]);
  });

  it('is read as JSON', async () => {
    for (const extension of ['.jsonl', '.vec']) {
      const path = written(extension, vectors.map((vector) => JSON.stringify(vector)).join('\n'));
      expect((await read(path)).vectors).toEqual(vectors);
    }
    expect((await read(written('.json', JSON.stringify(vectors)))).vectors).toEqual(vectors);
  });
});

describe('a JSON array', () => {
  it('is cut at its commas alone', async () => {
    const objects = [
      { id: 'a,]', embedding: [1, 2], note: '"}], {' },
      { id: 'b\\', embedding: [3, 4], note: [1, [2, { x: ']' }]] },
    ];
    expect(await read(written('.json', `\u{feff} ${JSON.stringify(objects, null, 1)} \n`))).toMatchObject({
      ids: ['a,]', 'b\\'],
      attributes: objects.map(({ note }) => ({ note })),
    });
  });

  it.each(['', '{"a":1}', '[{"embedding":[1,2]}', '[{"embedding":[1,2]}] x', '[,{"embedding":[1,2]}]', '[{]'])(
    'is refused when it is %j',
    async (content) => {
      await expect(read(written('.json', content))).rejects.toMatchObject({ code: 'dataset' });
    },
  );
});

it('reads NaN of Python as a vector that the import refuses', async () => {
  const path = written('.jsonl', '{"id":"a: NaN","embedding":[1,2]}\n{"id":"b","embedding":[NaN,2],"x":-Infinity}\n');
  expect(await read(path)).toMatchObject({
    ids: ['a: NaN', 'b'],
    vectors: [
      [1, 2],
      [NaN, 2],
    ],
    attributes: [{}, { x: null }],
  });
});

it('reads bytes in Parquet as float32, text or hexadecimal', async () => {
  const columns = ['id', 'blob', 'note', 'digest'];
  const digest = Uint8Array.of(255, 254);
  const rows = vectors.map((vector, i) => [`${i}`, Uint8Array.from(float32(vector)), Buffer.from('gr\u{fc}n'), digest]);
  expect(await read(write('.parquet', { columns, rows }))).toMatchObject({
    vectors,
    attributes: vectors.map(() => ({ note: 'gr\u{fc}n', digest: 'fffe' })),
  });
});

describe('HDF5', () => {
  type Entry = { readonly data: ArrayLike<number>; readonly shape: readonly number[]; readonly dtype: string };
  const matrix = (data: ArrayLike<number>, rows: number, dtype: string): Entry => ({
    data,
    shape: [rows, data.length / rows],
    dtype,
  });
  async function hdf5(entries: Readonly<Record<string, Entry>>, attributes: Readonly<Record<string, unknown>> = {}) {
    const { File } = await loadHdf5();
    const path = join(folder, `h${files++}.hdf5`);
    const file = new File(path, 'w');
    for (const [name, { data, shape, dtype }] of Object.entries(entries)) {
      const groups = name.split('/').slice(0, -1);
      groups.forEach((_, i) => {
        const group = groups.slice(0, i + 1).join('/');
        if (file.get(group) === null) file.create_group(group);
      });
      file.create_dataset({ name, data: data as never, shape: [...shape], dtype });
    }
    for (const [name, value] of Object.entries(attributes)) file.create_attribute(name, value as never);
    file.close();
    return path;
  }
  const all = Float32Array.from(vectors.flat());

  it('is read by other names, in groups, and by those that are given', async () => {
    const queries = matrix(all.subarray(0, 8), 1, '<f');
    const truth = matrix(Int32Array.of(0, 1), 1, '<i');
    for (const names of [
      ['database', 'query', 'groundtruth'],
      ['embeddings/train/data', 'embeddings/test/data', 'embeddings/neighbors/data'],
      ['only', 'queries', 'gt'],
    ] as const) {
      const path = await hdf5({ [names[0]]: matrix(all, 3, '<f'), [names[1]]: queries, [names[2]]: truth });
      const source = await openSource(path);
      expect((await drain(source.base(), 8)).vectors).toEqual(vectors);
      expect((await drain(source.queries(), 8)).vectors).toEqual(vectors.slice(0, 1));
      expect(await source.declaredNeighbours()).toEqual({ k: 2, rows: Int32Array.of(0, 1) });
      source.close();
    }
    const path = await hdf5({ a: matrix(all, 3, '<f'), b: queries });
    await expect(openSource(path)).rejects.toThrow('expected a dataset "train" as in ann-benchmarks, got a, b');
    await expect(openSource(path, { vectors: 'c' })).rejects.toThrow('expected a dataset "c" for --vectors, got a, b');
    const source = await openSource(path, { vectors: 'a', queryVectors: 'b' });
    expect((await drain(source.queries(), 8)).vectors).toEqual(vectors.slice(0, 1));
    source.close();
  });

  it('is read with packed bits as VIBE has them', async () => {
    const path = await hdf5(
      { train: matrix(Uint8Array.of(0b10110000, 0b01000000), 1, '<B') },
      { point_type: 'binary', dimension: 10, distance: 'hamming' },
    );
    const source = await openSource(path);
    expect(source.metric).toBe('hamming');
    expect((await drain(source.base(), source.dimensions)).vectors).toEqual([[1, 0, 1, 1, 0, 0, 0, 0, 0, 1]]);
    source.close();
  });

  it.each([
    ['normalized', 'cosine'],
    ['Euclidean', 'l2'],
    ['dot', 'ip'],
    ['manhattan', 'l1'],
  ])('is known to compare by %s', async (distance, metric) => {
    const source = await openSource(await hdf5({ train: matrix(all, 3, '<f') }, { distance }));
    expect(source.metric).toBe(metric);
    source.close();
  });

  it('is refused when its metric is not known, unless somebody says which it is', async () => {
    const path = await hdf5({ train: matrix(all, 3, '<f') }, { distance: 'constructor' });
    const store = join(folder, 'metrics');
    await expect(openSource(path).then((source) => importDataset(store, source))).rejects.toThrow(
      'the metric "constructor" is not known',
    );
    const dataset = await openSource(path).then((source) => importDataset(store, source, { metric: 'l1' }));
    expect(dataset.manifest.metric).toBe('l1');
    dataset.close();
  });
});
