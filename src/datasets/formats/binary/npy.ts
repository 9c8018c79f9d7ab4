import { writeBinary } from './file.js';
import type { ElementType } from './element-types.js';
import { fileError } from '../file-error.js';
import { checkHeaderDimensions, fixedRecordSource, type RecordLayout } from './fixed-records.js';
import type { FileFormat } from '../format.js';
import type { InputFile } from '../input-file.js';
import { oneTableAFile } from '../one-table-a-file.js';

/** NumPy's array file, versions 1 to 3 (NEP 1; `numpy/lib/format.py`). */
export const npy: FileFormat = {
  name: 'npy',
  extensions: ['.npy'],
  open: (path) => fixedRecordSource(path, readLayout),
  write: oneTableAFile((table, path, finalPath) => {
    const header = headerOf(table.rows, table.dimensions);
    return writeBinary(table, path, finalPath, { header, prefix: new Uint8Array(), type: 'float32' });
  }),
};

const MAGIC = '\u{93}NUMPY';
const MAX_HEADER_BYTES = 65_536;

/** NumPy's type codes. Bytes have no order: `|`. */
const TYPES: Readonly<Record<string, ElementType>> = {
  '<f2': 'float16',
  '<f4': 'float32',
  '<f8': 'float64',
  '<i4': 'int32',
  '|i1': 'int8',
  '|u1': 'uint8',
  '|b1': 'uint8',
};

async function readLayout(file: InputFile): Promise<RecordLayout> {
  const { path } = file;
  const head = await file.read(0, 12);
  const view = new DataView(head.buffer);
  if (Buffer.from(head.subarray(0, 6)).toString('latin1') !== MAGIC) {
    throw fileError(path, { byte: 0 }, 'expected the signature of an npy file.');
  }
  const version = head[6]!;
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (version < 1 || version > 3 || length > MAX_HEADER_BYTES) {
    throw fileError(
      path,
      { byte: 6 },
      `expected version 1 to 3 and a short header, got version ${version} and ${length} bytes.`,
    );
  }
  const header = Buffer.from(await file.read(start, start + length)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const isFortran = /'fortran_order':\s*True/.test(header);
  const shape = /'shape':\s*\((\d+),\s*(\d+)\s*,?\s*\)/.exec(header);
  const type = descr !== undefined && Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (shape === null || type === undefined || isFortran) {
    throw fileError(
      path,
      { byte: start },
      `expected a matrix of ${Object.keys(TYPES).join(', ')} in C order, got ${header.trim().slice(0, 200)}.`,
      {
        hint: "Save it with numpy.save(path, numpy.ascontiguousarray(matrix, dtype='<f4')).",
      },
    );
  }
  const dimensions = Number(shape[2]);
  checkHeaderDimensions(path, dimensions, start);
  return { format: npy.name, type, dimensions, rows: Number(shape[1]), offset: start + length, prefixBytes: 0 };
}

/** Version 1; padded with spaces so that the numbers start at a multiple of 64 bytes. */
function headerOf(rows: number, dimensions: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${dimensions}), }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 10;
  const header = Buffer.alloc(10);
  header.write(MAGIC, 'latin1');
  header[6] = 1;
  header.writeUInt16LE(length, 8);
  return Buffer.concat([header, Buffer.from(`${dictionary.padEnd(length - 1)}\n`, 'latin1')]);
}
