import { fileError } from '../file-error.js';
import { type InputFile, openInput } from '../input-file.js';
import { member } from '../records/field.js';
import type { PlacedRecord, RecordFile } from '../records/record-file.js';
import { ELEMENT_BYTES, type ElementType } from './element-types.js';
import { elementsOf, type NpyHeader, readNpyHeader } from './npy-header.js';

const FIELD = 'id';
const ROWS_PER_READ = 65_536;

/** One id of a list, from its bytes. */
interface IdReader {
  readonly bytes: number;
  readonly read: (bytes: Buffer) => string | number;
}

/** A list of ids beside the vectors: whole numbers, also of 64 bits, or text such as UUIDs (`<U36`, `|S36`). */
export async function npyIds(path: string): Promise<RecordFile> {
  const file = await openInput(path);
  try {
    const header = await readNpyHeader(file);
    const { descr, shape, offset } = header;
    const reader = idReader(descr);
    const [rows = 0] = shape;
    if (reader === null || shape.length !== 1) {
      const got = `${descr} of the shape (${shape.join(', ')})`;
      throw fileError(path, { byte: 10 }, `expected a list of ids, got ${got}.`, {
        hint: "Save whole numbers or text: numpy.save(path, numpy.array(ids, dtype='U36')).",
      });
    }
    if (file.size !== offset + rows * reader.bytes) {
      const expected = offset + rows * reader.bytes;
      throw fileError(path, {}, `expected ${expected} bytes for ${rows} ids, got ${file.size}.`);
    }
    const fields = { vector: null, text: null, id: member(FIELD), attributes: null, ignored: [] };
    return { path, format: 'npy', bytes: file.size, fields, records: () => readIds(path, header, reader) };
  } finally {
    await file.close();
  }
}

function idReader(descr: string): IdReader | null {
  const [, order = '', kind = '', length = ''] = /^([<>|=])([US])(\d+)$/.exec(descr) ?? [];
  const bytes = Number(length);
  if (kind === 'S' && bytes > 0) return { bytes, read: (text) => trimmed(text.toString('utf8')) };
  if (kind === 'U' && bytes > 0) return { bytes: 4 * bytes, read: (text) => trimmed(codePoints(text, order === '>')) };
  const elements = elementsOf(descr);
  if (elements === null || !/int/.test(elements.type)) return null;
  return { bytes: ELEMENT_BYTES[elements.type], read: (number) => readInteger(number, elements) };
}

/** NumPy fills shorter text up with zeros. */
const trimmed = (text: string): string => text.replace(/\0+$/, '');

function codePoints(bytes: Buffer, isBigEndian: boolean): string {
  const codes = Array.from({ length: bytes.length / 4 }, (_, i) =>
    isBigEndian ? bytes.readUInt32BE(4 * i) : bytes.readUInt32LE(4 * i),
  );
  return String.fromCodePoint(...codes.map((code) => (code <= 0x10_ff_ff ? code : 0xff_fd)));
}

/** As text where a number would be rounded. */
function readInteger(
  bytes: Buffer,
  { type, isBigEndian }: { readonly type: ElementType; readonly isBigEndian: boolean },
): string | number {
  const ordered = isBigEndian ? Buffer.from(bytes).reverse() : bytes;
  const isSigned = type.startsWith('int');
  if (bytes.length < 8) {
    return isSigned ? ordered.readIntLE(0, bytes.length) : ordered.readUIntLE(0, bytes.length);
  }
  const value = isSigned ? ordered.readBigInt64LE() : ordered.readBigUInt64LE();
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

async function* readIds(path: string, { shape, offset }: NpyHeader, reader: IdReader): AsyncGenerator<PlacedRecord> {
  const [rows = 0] = shape;
  const file: InputFile = await openInput(path);
  try {
    for (let start = 0; start < rows; start += ROWS_PER_READ) {
      const count = Math.min(ROWS_PER_READ, rows - start);
      const from = offset + start * reader.bytes;
      const bytes = Buffer.from(await file.read(from, from + count * reader.bytes));
      for (let i = 0; i < count; i++) {
        const id = reader.read(bytes.subarray(i * reader.bytes, (i + 1) * reader.bytes));
        yield { record: { [FIELD]: id }, place: { row: start + i } };
      }
    }
  } finally {
    await file.close();
  }
}
