import { MAX_DIMENSIONS } from '../../store/manifest.js';
import type { InputFile } from '../input-file.js';

/*
 * What a file is whose bytes contradict its name: its signature, or the layout that its size fits to the byte.
 */

const SIGNATURES: readonly (readonly [bytes: string, name: string, end: string])[] = [
  ['\u{93}NUMPY', 'an npy file', '.npy'],
  ['\u{89}HDF\r\n', 'an HDF5 file', '.hdf5'],
  ['PAR1', 'a Parquet file', '.parquet'],
  ['\u{1f}\u{8b}', 'compressed with gzip', '.gz'],
  ['PK\u{3}\u{4}', 'a zip archive', '.zip'],
  ['\u{80}\u{4}\u{95}', 'a pickle of Python', '.pkl'],
];

/** What the bytes are, for people, and the end of a name that would say so; null when they fit nothing known. */
export async function recognise(file: InputFile): Promise<{ readonly is: string; readonly end: string } | null> {
  const head = await file.read(0, Math.min(file.size, 16));
  const text = Buffer.from(head).toString('latin1');
  const signature = SIGNATURES.find(([bytes]) => text.startsWith(bytes));
  if (signature) return { is: signature[1], end: signature[2] };
  const fits = (await texmexEnd(file)) ?? bigAnnEnd(head, file.size);
  return fits === null ? null : { is: `laid out as ${fits}`, end: `.${fits}` };
}

const u32 = (bytes: Uint8Array, at: number): number =>
  bytes.length < at + 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);

/** Dimensions before each vector: the second vector tells that they are. */
async function texmexEnd(file: InputFile): Promise<string | null> {
  const dimensions = u32(await file.read(0, Math.min(4, file.size)), 0);
  if (dimensions < 1 || dimensions > MAX_DIMENSIONS) return null;
  for (const [end, bytes] of [
    ['fvecs', 4],
    ['bvecs', 1],
  ] as const) {
    const stride = 4 + dimensions * bytes;
    if (file.size % stride !== 0) continue;
    if (file.size === stride || u32(await file.read(stride, stride + 4), 0) === dimensions) return end;
  }
  return null;
}

function bigAnnEnd(head: Uint8Array, size: number): string | null {
  const [rows, dimensions] = [u32(head, 0), u32(head, 4)];
  if (rows < 1 || dimensions < 1 || dimensions > MAX_DIMENSIONS) return null;
  const elementBytes = (size - 8) / (rows * dimensions);
  return elementBytes === 4 ? 'fbin' : elementBytes === 2 ? 'f16bin' : elementBytes === 1 ? 'u8bin' : null;
}
