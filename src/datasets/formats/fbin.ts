import { bytesOf, writeBinary } from './binary-file.js';
import type { ElementType } from './element-types.js';
import { oneTableAFile } from './export-table.js';
import { checkHeaderDimensions, fixedRecordSource } from './fixed-records.js';
import type { FileFormat } from './format.js';
import type { InputFile } from './input-file.js';

/*
 * The files of https://big-ann-benchmarks.com: rows and dimensions as uint32, then the numbers of all vectors, as float32
 * (fbin), uint8 (u8bin), int8 (i8bin) or int32 (ibin).
 */

const HEADER_BYTES = 8;

const bigAnn = (name: string, type: ElementType): FileFormat => ({
  name,
  extensions: [`.${name}`],
  open: (path) => fixedRecordSource(path, (file) => readLayout(file, name, type)),
});

async function readLayout(file: InputFile, format: string, type: ElementType) {
  const header = new DataView((await file.read(0, HEADER_BYTES)).buffer);
  const rows = header.getUint32(0, true);
  const dimensions = header.getUint32(4, true);
  checkHeaderDimensions(file.path, dimensions, 4);
  return { format, type, dimensions, rows, offset: HEADER_BYTES, prefixBytes: 0 };
}

export const fbin: FileFormat = {
  ...bigAnn('fbin', 'float32'),
  write: oneTableAFile((table, path) => {
    const header = new Uint8Array(Uint32Array.of(table.rows, table.dimensions).buffer);
    return writeBinary(path, header, table, bytesOf);
  }),
};
export const u8bin = bigAnn('u8bin', 'uint8');
export const i8bin = bigAnn('i8bin', 'int8');
export const ibin = bigAnn('ibin', 'int32');
