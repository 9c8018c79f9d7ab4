import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, shortHash } from '../canonical-json.js';
import type { Metric } from '../vocabulary.js';
import type { Truth } from './truth.js';

/** Everything that an exact answer depends on. */
export interface TruthKey {
  /** Grows when the meaning of the file or of a figure in it changes. */
  readonly version: 3;
  /** Content hash of the dataset. */
  readonly data: string;
  readonly metric: Metric;
  readonly k: number;
  /** SHA-256 of the numbers of the asked queries. */
  readonly queries: string;
  /** SHA-256 of the filter; null when there is none. */
  readonly filter: string | null;
}

/** The file: one line of JSON, then the arrays of {@link Truth} as they lie in memory, in the order of {@link payload}. */
interface Header {
  readonly queries: number;
  readonly declared: Truth['declared'];
  /** Over the question, the rest of this line and the arrays. */
  readonly sha256: string;
}

const truthFile = (folder: string, key: TruthKey): string => join(folder, `truth-${shortHash(key)}.bin`);

/** Written beside its place, then renamed: a reader sees the whole file or none. */
export async function writeTruth(folder: string, key: TruthKey, truth: Truth): Promise<void> {
  const body = payload(truth);
  const { queries, declared } = truth;
  const header: Header = { queries, declared, sha256: checksum(key, { queries, declared }, body) };
  const file = truthFile(folder, key);
  const temporary = `${file}.${process.pid}.tmp`;
  await mkdir(folder, { recursive: true });
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
  const body = file.subarray(end + 1);
  const header = parseHeader(file.toString('utf8', 0, end));
  if (header === null) return null;
  const { queries, declared, sha256 } = header;
  if (sha256 !== checksum(key, { queries, declared }, body)) return null;

  const { metric, k } = key;
  // Copied, so that every array starts at a multiple of its element size.
  const { buffer } = new Uint8Array(body);
  const distances = new Float64Array(buffer, 0, queries * k);
  const rows = new Int32Array(buffer, distances.byteLength, queries * k);
  const expected = new Int32Array(buffer, distances.byteLength + rows.byteLength, queries);
  const tiesBeyondK = new Int32Array(buffer, buffer.byteLength - expected.byteLength, queries);
  return { metric, k, queries, rows, distances, expected, tiesBeyondK, declared };
}

function parseHeader(line: string): Header | null {
  try {
    return JSON.parse(line) as Header | null;
  } catch {
    return null;
  }
}

const payload = ({ distances, rows, expected, tiesBeyondK }: Truth): Buffer =>
  Buffer.concat([distances, rows, expected, tiesBeyondK].map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)));

const checksum = (key: TruthKey, header: Omit<Header, 'sha256'>, body: Uint8Array): string =>
  createHash('sha256').update(canonicalJson({ key, header })).update(body).digest('hex');
