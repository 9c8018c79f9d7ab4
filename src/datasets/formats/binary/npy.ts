import { writeBinary } from './file.js';
import { fileError } from '../file-error.js';
import { checkHeaderDimensions, fixedRecordSource, type RecordLayout } from './fixed-records.js';
import type { FileFormat } from '../format.js';
import type { InputFile } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';
import { npyIds } from './npy-ids.js';
import { elementsOf, NPY_MAGIC, readNpyHeader } from './npy-header.js';

/** NumPy's array file: a matrix of any numbers, in any order; or, beside vectors, a list of ids. */
export const npy: FileFormat = {
  name: 'npy',
  extensions: ['.npy'],
  open: (path) => fixedRecordSource(path, readLayout),
  openRecords: npyIds,
  write: oneTableAFile((table, path, finalPath) => {
    const header = headerOf(table.rows, table.dimensions);
    return writeBinary(table, path, finalPath, { header, prefix: new Uint8Array(), type: 'float32' });
  }),
};

async function readLayout(file: InputFile): Promise<RecordLayout> {
  const { path } = file;
  const { descr, isFortran, shape, offset } = await readNpyHeader(file);
  const elements = elementsOf(descr);
  const [rows = 0, dimensions = 0] = shape;
  if (elements === null || shape.length !== 2) {
    const hint = descr.endsWith('O')
      ? "It holds Python objects: numpy.save(path, numpy.stack(array).astype('<f4'))."
      : "Save it with numpy.save(path, matrix.astype('<f4')), a row for each vector.";
    const got = `${descr} of the shape (${shape.join(', ')})`;
    throw fileError(path, { byte: 10 }, `expected a matrix of numbers, got ${got}.`, { hint });
  }
  await checkHeaderDimensions(file, dimensions, 10);
  return { format: npy.name, ...elements, isColumnMajor: isFortran, dimensions, rows, offset, prefixBytes: 0 };
}

/** Version 1; padded with spaces so that the numbers start at a multiple of 64 bytes. */
function headerOf(rows: number, dimensions: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimensions}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10);
  header.write(NPY_MAGIC, 'latin1');
  header[6] = 1;
  header.writeUInt16LE(length, 8);
  return Buffer.concat([header, Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1')]);
}
