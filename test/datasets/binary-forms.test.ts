import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSource } from '../../src/datasets/index.js';
import { drain, temporaryFolder } from './support.js';

/*
 * The numbers of matrices, times the formats that hold nothing else. The same table is in docs/datasets.md.
 */

const folder = temporaryFolder();
let files = 0;
const written = (name: string, content: Uint8Array): string => {
  const path = join(folder, `b${files++}${name}`);
  writeFileSync(path, content);
  return path;
};
const read = async (path: string, options = {}) => {
  const source = await openSource(path, options);
  const all = await drain(source.base(), source.dimensions);
  source.close();
  return all;
};

const vectors = [
  [1, 2, 3],
  [4, 0, 6],
];
type Order = 'little' | 'big';

/** How each type of NumPy is written: bytes of one number. */
const TYPES: Readonly<Record<string, (value: number, order: Order) => Buffer>> = {
  f2: (value, order) =>
    ordered(2, (b) => b.writeUInt16LE([0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600][value]!), order),
  f4: (value, order) => ordered(4, (b) => b.writeFloatLE(value), order),
  f8: (value, order) => ordered(8, (b) => b.writeDoubleLE(value), order),
  i1: (value) => Buffer.of(value),
  u1: (value) => Buffer.of(value),
  i2: (value, order) => ordered(2, (b) => b.writeInt16LE(value), order),
  u2: (value, order) => ordered(2, (b) => b.writeUInt16LE(value), order),
  i4: (value, order) => ordered(4, (b) => b.writeInt32LE(value), order),
  u4: (value, order) => ordered(4, (b) => b.writeUInt32LE(value), order),
  i8: (value, order) => ordered(8, (b) => b.writeBigInt64LE(BigInt(value)), order),
  u8: (value, order) => ordered(8, (b) => b.writeBigUInt64LE(BigInt(value)), order),
};
function ordered(bytes: number, write: (buffer: Buffer) => void, order: Order): Buffer {
  const buffer = Buffer.alloc(bytes);
  write(buffer);
  return order === 'big' ? buffer.reverse() : buffer;
}
const numbers = (type: string, order: Order, values: readonly number[]): Buffer =>
  Buffer.concat(values.map((value) => TYPES[type]!(value, order)));
const int32 = (order: Order, ...values: number[]): Buffer => numbers('i4', order, values);

function npy(descr: string, shape: readonly number[], content: Uint8Array, isFortran = false): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': ${isFortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')},), }\n`;
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.of(header.length, 0),
    Buffer.from(header),
    content,
  ]);
}

describe.each(['little', 'big'] as const)('%s-endian', (order) => {
  const mark = order === 'big' ? '>' : '<';

  it.each(Object.keys(TYPES))('npy of %s, in both orders', async (type) => {
    const rows = npy(`${mark}${type}`, [2, 3], numbers(type, order, vectors.flat()));
    expect((await read(written('.npy', rows))).vectors).toEqual(vectors);
    const columns = npy(`${mark}${type}`, [2, 3], numbers(type, order, [1, 4, 2, 0, 3, 6]), true);
    expect((await read(written('.npy', columns))).vectors).toEqual(vectors);
  });

  it.each([
    ['.fbin', 'f4'],
    ['.f16bin', 'f2'],
    ['.u8bin', 'u1'],
    ['.i8bin', 'i1'],
    ['.ibin', 'i4'],
  ])('%s', async (extension, type) => {
    const content = Buffer.concat([int32(order, 2, 3), numbers(type, order, vectors.flat())]);
    expect((await read(written(extension, content))).vectors).toEqual(vectors);
  });

  it.each([
    ['.fvecs', 'f4'],
    ['.bvecs', 'u1'],
    ['.ivecs', 'i4'],
  ])('%s', async (extension, type) => {
    const content = Buffer.concat(vectors.flatMap((vector) => [int32(order, 3), numbers(type, order, vector)]));
    expect((await read(written(extension, content))).vectors).toEqual(vectors);
  });
});

it('turns a matrix in Fortran order in several passes and batches', async () => {
  const rows = 3000;
  const columns = Float32Array.from({ length: rows * 2 }, (_, i) => i);
  const { vectors: turned } = await read(written('.npy', npy('<f4', [rows, 2], new Uint8Array(columns.buffer), true)));
  expect(turned).toEqual(Array.from({ length: rows }, (_, i) => [i, rows + i]));
});

describe('a list of ids beside vectors', () => {
  const base = (): string => written('.npy', npy('<f4', [2, 3], numbers('f4', 'little', vectors.flat())));
  const uuids = ['0b0e4ec6-8c1e-4a5d-9d0f-2f3b0f4d1c11', '0b0e4ec6-8c1e-4a5d-9d0f-2f3b0f4d1c12'];
  const utf32 = (texts: readonly string[], length: number): Buffer =>
    Buffer.concat(texts.map((text) => int32('little', ...Array.from({ length }, (_, i) => text.codePointAt(i) ?? 0))));

  it.each([
    ['<i8', numbers('i8', 'little', [7, 9]), [7, 9]],
    ['>u4', numbers('u4', 'big', [7, 9]), [7, 9]],
    ['|u1', Buffer.of(7, 9), [7, 9]],
    ['<U40', utf32(uuids, 40), uuids],
    ['|S36', Buffer.from(uuids.join('')), uuids],
  ])('%s', async (descr, content, ids) => {
    const recordsFile = written('.npy', npy(descr, [2], content));
    expect(await read(base(), { recordsFile })).toMatchObject({ vectors, ids });
  });

  it('keeps those of 64 bits digit for digit', async () => {
    const content = Buffer.alloc(16);
    content.writeBigUInt64LE(1_834_567_890_123_456_700n, 0);
    content.writeBigUInt64LE(1_834_567_890_123_456_701n, 8);
    const recordsFile = written('.npy', npy('<u8', [2], content));
    expect((await read(base(), { recordsFile })).ids).toEqual(['1834567890123456700', '1834567890123456701']);
  });

  it('is refused when it is a matrix, or shorter than it says', async () => {
    await expect(openSource(base(), { recordsFile: base() })).rejects.toThrow('expected a list of ids, got <f4');
    const short = written('.npy', npy('<i8', [3], numbers('i8', 'little', [7, 9])));
    await expect(openSource(base(), { recordsFile: short })).rejects.toThrow(/expected \d+ bytes for 3 ids/);
  });
});

describe('what a file is instead of what its name says', () => {
  const fbin = Buffer.concat([int32('little', 2, 3), numbers('f4', 'little', vectors.flat())]);
  const fvecs = Buffer.concat(vectors.flatMap((vector) => [int32('little', 3), numbers('f4', 'little', vector)]));

  it.each([
    ['.fbin', fvecs, 'it is laid out as fvecs', '.fvecs'],
    ['.fvecs', fbin, 'it is laid out as fbin', '.fbin'],
    ['.u8bin', npy('<f4', [2, 3], numbers('f4', 'little', vectors.flat())), 'it is an npy file', '.npy'],
    ['.npy', Buffer.from('PAR1 and more than twelve bytes'), 'it is a Parquet file', '.parquet'],
    ['.npy', Buffer.from('PK\x03\x04 and more than twelve bytes'), 'it is a zip archive', '.zip'],
  ])('%s', async (extension, content, message, end) => {
    await expect(openSource(written(extension, content))).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint: `Let its name end with ${end}.`,
    });
  });

  it.each([
    [100, 'the header counts 100 rows of 3 dimensions, and there are 2'],
    [1, 'the header counts 1 rows of 3 dimensions, and there are 2'],
  ])('a part of another file, whose header counts %i rows', async (count, message) => {
    const content = Buffer.from(fbin);
    content.writeUInt32LE(count, 0);
    await expect(openSource(written('.fbin', content))).rejects.toMatchObject({
      message: expect.stringContaining(message),
      hint: expect.stringContaining('struct.pack("<I", 2)'),
    });
  });

  it.each([
    ['docs.npz', 'an archive of NumPy arrays', 'n.load("FILE.npz")'],
    ['docs.pkl', 'a pickle of Python', 'to_parquet'],
    ['docs.feather', 'a table of Arrow', 'to_parquet'],
    ['docs.pt', 'a file of tensors', 'torch.load'],
    ['docs.xlsx', 'a spreadsheet', 'to_csv'],
  ])('%s, with the line that converts it', async (name, is, conversion) => {
    await expect(openSource(join(folder, name))).rejects.toMatchObject({
      message: expect.stringContaining(is),
      hint: expect.stringContaining(conversion),
    });
  });
});
