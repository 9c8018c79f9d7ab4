import { writeBinary } from './binary-file.js';
import { ELEMENT_BYTES, type ElementType } from './element-types.js';
import { oneTableAFile } from './export-table.js';
import { fileError } from './file-error.js';
import { checkHeaderDimensions, fixedRecordSource } from './fixed-records.js';
import type { FileFormat } from './format.js';
import type { InputFile } from './input-file.js';

/*
 * The files of http://corpus-texmex.irisa.fr: each vector is its number of dimensions as int32 and then its numbers, as
 * float32 (fvecs), uint8 (bvecs) or int32 (ivecs).
 */

const PREFIX_BYTES = 4;

const texmex = (name: string, type: ElementType): FileFormat => ({
  name,
  extensions: [`.${name}`],
  open: (path) => fixedRecordSource(path, (file) => readLayout(file, name, type)),
});

async function readLayout(file: InputFile, format: string, type: ElementType) {
  const { path, size } = file;
  const dimensions = new DataView((await file.read(0, PREFIX_BYTES)).buffer).getInt32(0, true);
  checkHeaderDimensions(path, dimensions, 0);
  const stride = PREFIX_BYTES + dimensions * ELEMENT_BYTES[type];
  const checkPrefix = (prefix: DataView, row: number): void => {
    const got = prefix.getInt32(0, true);
    if (got === dimensions) return;
    throw fileError(
      path,
      { row, byte: row * stride },
      `expected ${dimensions} dimensions like the rows before, got ${got}.`,
      {
        hint: 'The file is damaged, or of another format than its name says.',
      },
    );
  };
  return {
    format,
    type,
    dimensions,
    rows: Math.ceil(size / stride),
    offset: 0,
    prefixBytes: PREFIX_BYTES,
    checkPrefix,
  };
}

export const fvecs: FileFormat = {
  ...texmex('fvecs', 'float32'),
  write: oneTableAFile((table, path) => writeBinary(path, new Uint8Array(), table, withPrefixes)),
};
export const bvecs = texmex('bvecs', 'uint8');
export const ivecs = texmex('ivecs', 'int32');

function withPrefixes(values: Float32Array, dimensions: number): Uint8Array {
  const rows = values.length / dimensions;
  const records = new Float32Array(rows * (1 + dimensions));
  const prefixes = new Int32Array(records.buffer);
  for (let i = 0; i < rows; i++) {
    prefixes[i * (1 + dimensions)] = dimensions;
    records.set(values.subarray(i * dimensions, (i + 1) * dimensions), i * (1 + dimensions) + 1);
  }
  return new Uint8Array(records.buffer);
}
