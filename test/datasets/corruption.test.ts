import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureDataset, exportDataset, importDataset, openSource, type SourceBatch } from '../../src/datasets/index.js';
import { PgvtuneError } from '../../src/errors.js';
import { datasetOf, temporaryFolder } from './support.js';

const folder = temporaryFolder();
const rows = 6;
const dataset = datasetOf({
  vectors: Array.from({ length: rows }, (_, i) => [Math.sin(i), Math.cos(i), i]),
  ids: Array.from({ length: rows }, (_, i) => `id ${i}`),
  texts: Array.from({ length: rows }, (_, i) => `text ${i % 3}`),
  attributes: Array.from({ length: rows }, (_, i) => ({
    year: 2000 + i,
    tags: ['a', `b${i}`],
    done: i % 2 === 0,
    more: { i },
  })),
  textColumn: 'content',
  queries: { vectors: [[1, 2, 3]] },
});

const wholeNumbers = datasetOf({
  vectors: Array.from({ length: rows }, (_, i) => [i, 2 * i, 100]),
  queries: { vectors: [[1, 2, 3]] },
});

/** Two records; Node 20 cannot write Zstandard. */
const zstandard = Buffer.from('KLUv/QRoXQEAJAJ7ImlkIjoxLCJlbWJlZGRpbmciOlsxLDJdfQoyMyw0XX0KAgBAih2bY/vvX8o=', 'base64');

/** How many mutations a format's reader has to survive here; HDF5 starts a thread for each. */
const formats = [
  { extension: '.fbin', mutations: 300 },
  { extension: '.fvecs', mutations: 300 },
  { extension: '.bvecs', mutations: 150 },
  { extension: '.ivecs', mutations: 150 },
  { extension: '.u8bin', mutations: 150 },
  { extension: '.i8bin', mutations: 150 },
  { extension: '.ibin', mutations: 150 },
  { extension: '.npy', mutations: 300 },
  { extension: '.vec', mutations: 300 },
  { extension: '.jsonl', mutations: 300 },
  { extension: '.jsonl.gz', mutations: 300 },
  { extension: '.jsonl.zst', mutations: 100 },
  { extension: '.csv', mutations: 200 },
  { extension: '.csv.gz', mutations: 60 },
  { extension: '.parquet', mutations: 400 },
  { extension: '.hdf5', mutations: 5 },
];

async function healthyFile(extension: string): Promise<Buffer> {
  if (extension.endsWith('.zst')) return zstandard;
  const hasIntegers = /^\.([bi]vecs|[ui]8bin|ibin)$/.test(extension);
  const [path] = await exportDataset(hasIntegers ? wholeNumbers : dataset, join(folder, `good${extension}`));
  return readFileSync(path!);
}

let files = 0;
/** Reads everything there is in a file of these bytes: rows, or a refusal that names the file. Anything else fails. */
async function outcome(bytes: Uint8Array, extension: string): Promise<'read' | 'refused'> {
  const path = join(folder, `mutated-${files++}${extension}`);
  writeFileSync(path, bytes);
  try {
    return await outcomeOf(path);
  } finally {
    rmSync(path);
  }
}

async function hasAllVectors(batches: AsyncIterable<SourceBatch>): Promise<boolean> {
  let isWhole = true;
  for await (const { missing } of batches) isWhole &&= (missing?.size ?? 0) === 0;
  return isWhole;
}

async function outcomeOf(path: string): Promise<'read' | 'refused'> {
  try {
    const source = await openSource(path);
    try {
      const isWhole = (await hasAllVectors(source.base())) && (await hasAllVectors(source.queries() ?? source.base()));
      await source.declaredNeighbours();
      // The import refuses rows without a vector.
      return isWhole ? 'read' : 'refused';
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof PgvtuneError)) throw error;
    expect(error.code).toBe('dataset');
    expect(error.message).toContain(path);
    return 'refused';
  }
}

type Mutate = (bytes: Buffer) => Uint8Array;
const at = (position: number, bytes: Buffer): number => Math.floor(position * bytes.length);
const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const LENGTHS = [0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1];

const flip: fc.Arbitrary<Mutate> = fc
  .array(fc.tuple(position, fc.nat(7)), { minLength: 1, maxLength: 3 })
  .map((flips) => (bytes) => {
    for (const [where, bit] of flips) bytes[at(where, bytes)]! ^= 1 << bit;
    return bytes;
  });
const cut: fc.Arbitrary<Mutate> = position.map((where) => (bytes) => bytes.subarray(0, at(where, bytes)));
const overwriteLength: fc.Arbitrary<Mutate> = fc
  .tuple(position, fc.constantFrom(...LENGTHS))
  .map(([where, length]) => (bytes) => {
    bytes.writeUInt32LE(length, Math.min(at(where, bytes), bytes.length - 4));
    return bytes;
  });
const splice: fc.Arbitrary<Mutate> = fc.tuple(position, position, fc.nat(64)).map(([to, from, length]) => (bytes) => {
  bytes.copy(bytes, at(to, bytes), at(from, bytes), at(from, bytes) + length);
  return bytes;
});
const mutation = fc.oneof(flip, cut, overwriteLength, splice);

describe.each(formats)('a damaged $extension', ({ extension, mutations }) => {
  let good: Buffer;
  beforeAll(async () => {
    good = await healthyFile(extension);
    expect(await outcome(good, extension)).toBe('read');
  });

  it('is refused or read, whatever bits are changed', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (mutate) => {
        await outcome(mutate(Buffer.from(good)), extension);
      }),
      { numRuns: mutations },
    );
  });

  it('is refused wherever it is cut off inside a row', async () => {
    const read = new Set<number>();
    const offsets = extension === '.hdf5' ? [0, 1, 600, good.length - 1] : good.keys();
    for (const end of offsets) {
      if ((await outcome(good.subarray(0, end), extension)) === 'read') read.add(end);
    }
    // Lines and records end somewhere: what was cut off there is a shorter, healthy file.
    const boundaries = [...read].every((end) => isBoundary(good, end, extension));
    expect(boundaries).toBe(true);
  });

  it('leaves nothing in the store', async () => {
    const store = join(folder, `store${extension}`);
    const path = join(folder, `half${extension}`);
    // The last row is damaged, so that most of the import is done when it fails. Zstandard's last 4 bytes are a checksum.
    writeFileSync(path, good.subarray(0, good.length - (extension.endsWith('.zst') ? 7 : 3)));
    const importing = openSource(path).then((source) => importDataset(store, source));
    await expect(importing).rejects.toMatchObject({ code: 'dataset' });
    for (const part of ['objects', 'names', 'unfinished']) {
      expect(existsSync(join(store, part)) ? readdirSync(join(store, part)) : []).toEqual([]);
    }
  });
});

describe('a damaged folder of VectorDBBench', () => {
  it('is refused or read, whatever bits of its files are changed', async () => {
    const path = join(folder, 'vectordbbench');
    const withNeighbours = { ...dataset, declaredNeighbours: async () => ({ k: 2, rows: Int32Array.of(0, 5) }) };
    const files = await exportDataset(withNeighbours, path);
    const good = files.map((file) => readFileSync(file));
    expect(await outcomeOf(path)).toBe('read');
    await fc.assert(
      fc.asyncProperty(fc.nat(files.length - 1), mutation, async (which, mutate) => {
        writeFileSync(files[which]!, mutate(Buffer.from(good[which]!)));
        await outcomeOf(path);
        writeFileSync(files[which]!, good[which]!);
      }),
      { numRuns: 200 },
    );
  });
});

function isBoundary(good: Buffer, end: number, extension: string): boolean {
  if (extension === '.fvecs' || extension === '.ivecs') return end % 16 === 0 && end > 0;
  if (extension === '.bvecs') return end % 7 === 0 && end > 0;
  if (extension === '.jsonl.zst') return end >= good.length - 4;
  if (['.jsonl', '.vec', '.csv'].includes(extension)) return good[end] === 0x0a || good[end - 1] === 0x0a;
  return false;
}

describe('what a refusal names', () => {
  const refusal = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    const reading = openSource(path).then((source) => importDataset(join(folder, 'store'), source));
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(PgvtuneError);
    expect((error as PgvtuneError).code).toBe('dataset');
    return (error as PgvtuneError).message.replace(`${folder}/`, '');
  };
  const floats = (...values: number[]): Buffer => Buffer.from(Float32Array.from(values).buffer);
  const ints = (...values: number[]): Buffer => Buffer.from(Int32Array.from(values).buffer);

  it('missing, empty and unknown files', async () => {
    await expect(openSource(join(folder, 'absent.fbin'))).rejects.toThrow('There is no file');
    await expect(openSource(join(folder, 'absent.docx'))).rejects.toMatchObject({
      hint: expect.stringContaining('.hdf5') as string,
    });
    for (const extension of ['.fbin', '.jsonl', '.csv', '.parquet', '.hdf5', '.npy', '.vec', '.jsonl.gz']) {
      expect(await refusal(`empty${extension}`, '')).toBe(`empty${extension}: the file is empty.`);
    }
    expect(await refusal('blank.jsonl', '\n  \n')).toBe('blank.jsonl: there is nothing but blank lines.');
    expect(await refusal('header.csv', 'id,embedding\n')).toContain('no records');
  });

  it.each(LENGTHS)('a header with the length %d', async (length) => {
    const header = Buffer.alloc(8);
    header.writeUInt32LE(length, 4);
    header.writeUInt32LE(2, 0);
    const vectors = floats(1, 2, 3, 4);
    expect(await refusal('dimensions.fbin', Buffer.concat([header, vectors]))).toContain(
      length === 1 ? 'counts 2 rows of 1 dimensions, and there are 4' : 'byte 4: expected 1 to 16,000 dimensions',
    );
    header.writeUInt32LE(length, 0);
    header.writeUInt32LE(2, 4);
    expect(await refusal('rows.fbin', Buffer.concat([header, vectors]))).toMatch(
      /the header counts [\d,]+ rows of 2 dimensions, and there are 2/,
    );
    const prefix = Buffer.alloc(4);
    prefix.writeUInt32LE(length, 0);
    if (length !== 1)
      expect(await refusal('dimensions.fvecs', Buffer.concat([prefix, vectors]))).toContain(
        'byte 0: expected 1 to 16,000 dimensions',
      );
    expect(await refusal('changing.fvecs', Buffer.concat([ints(2), floats(1, 2), prefix, floats(1, 2)]))).toContain(
      'changing.fvecs, row 1, byte 12: expected 2 dimensions',
    );
  });

  it('the row and byte of NaN', async () => {
    const message = await refusal('nan.fbin', Buffer.concat([ints(3, 2), floats(1, 2, 3, NaN, 5, 6)]));
    expect(message).toBe('nan.fbin, byte 16: row 1 has NaN as number 2 of 2.');
  });

  it('the line of a record', async () => {
    const good = '{"id":1,"embedding":[1,2]}\n';
    const byLine = async (line: string): Promise<string> => refusal('lines.jsonl', `${good}\n${line}\n`);
    expect(await byLine('{"id":2,"embedding":[1]}')).toBe(
      'lines.jsonl, line 3, byte 28: expected "embedding" to have 2 dimensions like the rows before, got 1.',
    );
    expect(await byLine('{"id":2,"embedding":[1,null]}')).toContain('line 3, byte 28: row 1 has NaN as number 2 of 2');
    expect(await byLine('{"id":2,"embedding":[1,1e39]}')).toContain('row 1 has Infinity as number 2 of 2');
    expect(await byLine('{"id":2,"embedding":"1,2"}')).toContain('to be an array of 2 numbers, got "1,2"');
    expect(await byLine('{"id":2}')).toContain('line 3, byte 28: row 1 has no vector');
    expect(await byLine('{"embedding":[1,2]}')).toContain('expected an id, got nothing');
    expect(await byLine('{"id":1,"embedding":[3,4]}')).toContain('line 3, byte 28: row 1 has the id 1 of row 0');
    expect(await byLine('["a",2]')).toContain('expected a JSON object, got an array');
    expect(await byLine('{"id":2,')).toContain('line 3, byte 28: expected a JSON object');
    expect(
      await refusal('latin1.jsonl', Buffer.from(`${good}{"id":2,"embedding":[1,2],"a":"\u00e9"}\n`, 'latin1')),
    ).toContain('line 2, byte 27: expected UTF-8');
    expect(await refusal('cells.csv', 'id,embedding\n1,"[1,2]"\n2\n')).toContain(
      'cells.csv, line 3, byte 23: expected 2 cells',
    );
    expect(await refusal('twice.csv', 'id,id,embedding\n1,1,"[1,2]"\n')).toContain('"id" twice');
    expect(await refusal('vector.csv', 'id,embedding\n1,"[1,2]"\n2,\n')).toContain(
      'vector.csv, line 3, byte 23: row 1 has no vector',
    );
    expect(await refusal('nan.csv', '\ufeffid,embedding\n"é\n1","[1,2]"\n2,"[3,NaN]"\n3,"[5,6]"\n')).toContain(
      'nan.csv, line 4, byte 31: row 1 has NaN as number 2 of 2',
    );
    expect(await refusal('null.jsonl', '{"embedding":[1,null]}\n{"embedding":[1,2]}\n')).toContain(
      'null.jsonl, line 1, byte 0: row 0 has NaN as number 2 of 2',
    );
    expect(await refusal('words.vec', '[1,2]\nword 0.1 0.2\n')).toContain(
      'words.vec, line 2, byte 6: expected a vector such as [1,2,3], got "word',
    );
  });

  it('the fields that there are when none or several could be the vector', async () => {
    expect(await refusal('none.jsonl', '{"id":1,"text":"a"}\n')).toContain('got none among "id", "text"');
    expect(await refusal('several.jsonl', '{"a":[1,2],"b":[3,4]}\n')).toContain('got "a", "b"');
    const path = join(folder, 'several.jsonl');
    await expect(openSource(path, { vectorField: 'c' })).rejects.toThrow('expected a field "c" for the vector');
    expect((await openSource(path, { vectorField: 'b' })).dimensions).toBe(2);
  });

  it('lines and texts that are too long, without taking them into memory', async () => {
    const path = join(folder, 'line.jsonl');
    writeFileSync(path, '{"embedding":[1,2]}\n{');
    truncateSync(path, 2 ** 30);
    await expect(openSource(path)).rejects.toThrow('line.jsonl, line 2, byte 20: the line is longer than 64 MB');
    // A few kilobytes that unpack to a line of 80 MB.
    expect(await refusal('bomb.jsonl.gz', gzipSync(Buffer.alloc(80_000_000)))).toContain('longer than 64 MB');
    rmSync(path);
  });

  it('folders with the name of a file', async () => {
    const path = join(folder, 'folder.jsonl');
    mkdirSync(path);
    for (const reading of [openSource(path), ensureDataset(join(folder, 'store'), path)]) {
      await expect(reading).rejects.toMatchObject({
        code: 'dataset',
        message: expect.stringContaining('got a folder'),
      });
    }
  });

  it('queries of another dimension than the base', async () => {
    writeFileSync(join(folder, 'base.vec'), '[1,2]\n[3,4]\n');
    writeFileSync(join(folder, 'other.vec'), '[1,2,3]\n');
    const opening = openSource(join(folder, 'base.vec'), { queriesFile: join(folder, 'other.vec') });
    await expect(opening).rejects.toThrow(/other\.vec: expected queries of 2 dimensions as in .*base\.vec, got 3/);
  });
});
