import { bytesOf, writeBinary, type BinaryLayout } from './file.js';
import { ELEMENT_BYTES } from './element-types.js';
import { MAX_DIMENSIONS } from '../../store/manifest.js';
import { fileError } from '../file-error.js';
import { checkHeaderDimensions, fixedRecordSource, type RecordLayout } from './fixed-records.js';
import type { FileFormat } from '../format.js';
import type { InputFile } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';

/*
 * The files of http://corpus-texmex.irisa.fr: each vector is its number of dimensions as int32 and then its numbers, as
 * float32 (fvecs), uint8 (bvecs) or int32 (ivecs).
 */

const PREFIX_BYTES = 4;

type Numbers = BinaryLayout['type'];

const texmex = (name: string, type: Numbers): FileFormat => ({
  name,
  extensions: [`.${name}`],
  open: (path) => fixedRecordSource(path, (file) => readLayout(file, name, type)),
  write: oneTableAFile((table, path, finalPath) => {
    const prefix = bytesOf(Int32Array.of(table.dimensions));
    return writeBinary(table, path, finalPath, { header: new Uint8Array(), prefix, type });
  }),
});

async function readLayout(file: InputFile, format: string, type: Numbers): Promise<RecordLayout> {
  const { path, size } = file;
  const head = new DataView((await file.read(0, PREFIX_BYTES)).buffer);
  const strideFor = (isLittle: boolean): number => PREFIX_BYTES + head.getInt32(0, isLittle) * ELEMENT_BYTES[type];
  const fits = (isLittle: boolean): boolean =>
    head.getInt32(0, isLittle) >= 1 && head.getInt32(0, isLittle) <= MAX_DIMENSIONS && size % strideFor(isLittle) === 0;
  const isBigEndian = !fits(true) && fits(false);
  const dimensions = head.getInt32(0, !isBigEndian);
  await checkHeaderDimensions(file, dimensions, 0);
  const stride = PREFIX_BYTES + dimensions * ELEMENT_BYTES[type];
  const checkPrefix = (prefix: DataView, row: number): void => {
    const got = prefix.getInt32(0, !isBigEndian);
    if (got === dimensions) return;
    const message = `expected ${dimensions} dimensions like the rows before, got ${got}.`;
    throw fileError(path, { row, byte: row * stride }, message, {
      hint: 'The file is damaged, or of another format than its name says.',
    });
  };
  const rows = Math.ceil(size / stride);
  return { format, type, isBigEndian, dimensions, rows, offset: 0, prefixBytes: PREFIX_BYTES, checkPrefix };
}

export const fvecs = texmex('fvecs', 'float32');
export const bvecs = texmex('bvecs', 'uint8');
export const ivecs = texmex('ivecs', 'int32');
