import { bytesOf, writeBinary, type BinaryLayout } from './file.js';
import { ELEMENT_BYTES } from './element-types.js';
import { checkHeaderDimensions, fixedRecordSource, type RecordLayout } from './fixed-records.js';
import type { FileFormat } from '../format.js';
import type { InputFile } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';

/*
 * The files of https://big-ann-benchmarks.com: rows and dimensions as uint32, then the numbers of all vectors, as float32
 * (fbin), uint8 (u8bin), int8 (i8bin) or int32 (ibin). Its files of neighbours are an ibin with the distances behind it.
 */

const HEADER_BYTES = 8;

type Numbers = BinaryLayout['type'];

const bigAnn = (name: string, type: Numbers): FileFormat => ({
  name,
  extensions: [`.${name}`],
  open: (path) => fixedRecordSource(path, (file) => readLayout(file, name, type)),
  write: oneTableAFile((table, path, finalPath) => {
    const header = bytesOf(Uint32Array.of(table.rows, table.dimensions));
    return writeBinary(table, path, finalPath, { header, prefix: new Uint8Array(), type });
  }),
});

async function readLayout(file: InputFile, format: string, type: Numbers): Promise<RecordLayout> {
  const header = new DataView((await file.read(0, HEADER_BYTES)).buffer);
  const rows = header.getUint32(0, true);
  const dimensions = header.getUint32(4, true);
  checkHeaderDimensions(file.path, dimensions, 4);
  const distanceBytes = type === 'int32' ? rows * dimensions * ELEMENT_BYTES.float32 : 0;
  return { format, type, dimensions, rows, offset: HEADER_BYTES, prefixBytes: 0, mayFollow: distanceBytes };
}

export const fbin = bigAnn('fbin', 'float32');
export const u8bin = bigAnn('u8bin', 'uint8');
export const i8bin = bigAnn('i8bin', 'int8');
export const ibin = bigAnn('ibin', 'int32');
