import { bytesOf, writeBinary, type BinaryLayout } from './file.js';
import type { ElementType } from './element-types.js';
import { ELEMENT_BYTES } from './element-types.js';
import { checkHeaderDimensions, fixedRecordSource, type RecordLayout } from './fixed-records.js';
import type { FileFormat } from '../format.js';
import type { InputFile } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';

/*
 * The files of https://big-ann-benchmarks.com: rows and dimensions as uint32, then the numbers of all vectors, as float32
 * (fbin), uint8 (u8bin), int8 (i8bin) or int32 (ibin), and of cuVS, which adds float16 (f16bin). Its files of neighbours are an ibin with the distances behind it.
 */

const HEADER_BYTES = 8;

const read = (name: string, type: ElementType): Pick<FileFormat, 'name' | 'extensions' | 'open'> => ({
  name,
  extensions: [`.${name}`],
  open: (path) => fixedRecordSource(path, (file) => readLayout(file, name, type)),
});

const bigAnn = (name: string, type: BinaryLayout['type']): FileFormat => ({
  ...read(name, type),
  write: oneTableAFile((table, path, finalPath) => {
    const header = bytesOf(Uint32Array.of(table.rows, table.dimensions));
    return writeBinary(table, path, finalPath, { header, prefix: new Uint8Array(), type });
  }),
});

async function readLayout(file: InputFile, format: string, type: ElementType): Promise<RecordLayout> {
  const header = new DataView((await file.read(0, HEADER_BYTES)).buffer);
  const sizeFor = (isLittle: boolean): number =>
    HEADER_BYTES + header.getUint32(0, isLittle) * header.getUint32(4, isLittle) * ELEMENT_BYTES[type];
  const isBigEndian = sizeFor(true) !== file.size && sizeFor(false) === file.size;
  const rows = header.getUint32(0, !isBigEndian);
  const dimensions = header.getUint32(4, !isBigEndian);
  await checkHeaderDimensions(file, dimensions, 4);
  const mayFollow = type === 'int32' ? rows * dimensions * ELEMENT_BYTES.float32 : 0;
  return {
    format,
    type,
    isBigEndian,
    dimensions,
    rows,
    offset: HEADER_BYTES,
    prefixBytes: 0,
    mayFollow,
    rowCountAt: 0,
  };
}

export const fbin = bigAnn('fbin', 'float32');
export const f16bin: FileFormat = read('f16bin', 'float16');
export const u8bin = bigAnn('u8bin', 'uint8');
export const i8bin = bigAnn('i8bin', 'int8');
export const ibin = bigAnn('ibin', 'int32');
