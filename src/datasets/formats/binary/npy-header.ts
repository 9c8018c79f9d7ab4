import { fileError } from '../file-error.js';
import type { InputFile } from '../input-file.js';
import type { ElementType } from './element-types.js';
import { recognise } from './recognise.js';

/** What the header of NumPy's array file says, versions 1 to 3 (NEP 1; `numpy/lib/format.py`). */
export interface NpyHeader {
  /** As NumPy writes types: `<f4`, `>i8`, `<U36`. */
  readonly descr: string;
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the numbers start. */
  readonly offset: number;
}

export const NPY_MAGIC = '\u{93}NUMPY';
const MAX_HEADER_BYTES = 65_536;

/** NumPy's type codes without the order of bytes. */
const TYPES: Readonly<Record<string, ElementType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  u1: 'uint8',
  b1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
};

/** @throws {PgvtuneError} `dataset` for what is no such file */
export async function readNpyHeader(file: InputFile): Promise<NpyHeader> {
  const { path } = file;
  const head = await file.read(0, 12);
  const view = new DataView(head.buffer);
  if (Buffer.from(head.subarray(0, 6)).toString('latin1') !== NPY_MAGIC) {
    const other = await recognise(file);
    const message = `expected the signature of an npy file${other === null ? '' : `: it is ${other.is}`}.`;
    throw fileError(path, { byte: 0 }, message, other === null ? {} : { hint: `Let its name end with ${other.end}.` });
  }
  const version = head[6]!;
  const start = version === 1 ? 10 : 12;
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (version < 1 || version > 3 || length > MAX_HEADER_BYTES) {
    const got = `version ${version} and ${length} bytes`;
    throw fileError(path, { byte: 6 }, `expected version 1 to 3 and a short header, got ${got}.`);
  }
  const header = Buffer.from(await file.read(start, start + length)).toString('latin1');
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1] ?? header.trim().slice(0, 200);
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1] ?? '';
  return {
    descr,
    isFortran: /'fortran_order':\s*True/.test(header),
    shape: shape.split(',').flatMap((part) => (part.trim() === '' ? [] : [Number(part)])),
    offset: start + length,
  };
}

/** How numbers of a type are held; null for what are no numbers. */
export function elementsOf(descr: string): { readonly type: ElementType; readonly isBigEndian: boolean } | null {
  const [order, code] = [descr[0] ?? '', descr.slice(1)];
  if (!'<>|='.includes(order) || !Object.hasOwn(TYPES, code)) return null;
  return { type: TYPES[code]!, isBigEndian: order === '>' };
}
