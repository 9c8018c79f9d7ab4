import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson, shortHash } from '../canonical-json.js';
import type { Metric } from '../vocabulary.js';
import type { Truth } from './truth.js';

/** Everything that an exact answer depends on. */
export interface TruthKey {
  /** Grows when the meaning of the file or of a figure in it changes. */
  readonly version: 1;
  /** Content hash of the dataset. */
  readonly data: string;
  readonly metric: Metric;
  readonly k: number;
  /** SHA-256 of the numbers of the asked queries. */
  readonly queries: string;
  /** SHA-256 of the filter; null when there is none. */
  readonly filter: string | null;
}

/** The file: one line of JSON, then the arrays of {@link Truth} in little-endian, in the order of {@link payload}. */
interface Header {
  readonly key: TruthKey;
  readonly queries: number;
  readonly declared: Truth['declared'];
  readonly sha256: string;
}

export const truthFile = (folder: string, key: TruthKey): string => join(folder, `truth-${shortHash(key)}.bin`);

/** Written beside its place, then renamed: a reader sees the whole file or none. */
export async function writeTruth(folder: string, key: TruthKey, truth: Truth): Promise<void> {
  const file = truthFile(folder, key);
  const body = payload(truth);
  const header: Header = { key, queries: truth.queries, declared: truth.declared, sha256: sha256(body) };
  const temporary = `${file}.${process.pid}.tmp`;
  await mkdir(dirname(file), { recursive: true });
  try {
    await writeFile(temporary, Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), body]));
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** null when the file is missing, damaged or answers another question: the truth is then computed anew. */
export async function readTruth(folder: string, key: TruthKey): Promise<Truth | null> {
  const file = await readFile(truthFile(folder, key)).catch(() => null);
  if (file === null) return null;
  const end = file.indexOf('\n');
  const header = parseHeader(file.toString('utf8', 0, end));
  const body = file.subarray(end + 1);
  if (header === null || sha256(body) !== header.sha256 || canonicalJson(header.key) !== canonicalJson(key))
    return null;

  const { queries } = header;
  // Copied, so that every array starts at a multiple of its element size.
  const bytes = new Uint8Array(body).buffer;
  const distances = new Float64Array(bytes, 0, queries * key.k);
  const rows = new Int32Array(bytes, distances.byteLength, queries * key.k);
  const expected = new Int32Array(bytes, distances.byteLength + rows.byteLength, queries);
  const tiesBeyondK = new Int32Array(bytes, bytes.byteLength - 4 * queries, queries);
  const { metric, k } = key;
  return { metric, k, queries, rows, distances, expected, tiesBeyondK, declared: header.declared };
}

function parseHeader(line: string): Header | null {
  try {
    return JSON.parse(line) as Header;
  } catch {
    return null;
  }
}

const payload = ({ distances, rows, expected, tiesBeyondK }: Truth): Buffer =>
  Buffer.concat([distances, rows, expected, tiesBeyondK].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
