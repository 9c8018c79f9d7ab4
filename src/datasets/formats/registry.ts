import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { PgvtuneError } from '../../errors.js';
import { csv } from './text/csv.js';
import { fbin, i8bin, ibin, u8bin } from './binary/fbin.js';
import type { FileFormat } from './format.js';
import { bvecs, fvecs, ivecs } from './binary/fvecs.js';
import { hdf5 } from './hdf5/hdf5.js';
import { json, jsonl } from './text/jsonl.js';
import { npy } from './binary/npy.js';
import { parquet } from './parquet/parquet.js';
import { vectorLines } from './text/vector-lines.js';
import { copyText, pgDump } from './text/pg-dump.js';
import { vectorDbBench } from './parquet/vectordbbench.js';

/** Every format that is known. A new one is a file beside this and a line here. */
export const fileFormats: readonly FileFormat[] = [
  hdf5,
  parquet,
  jsonl,
  json,
  csv,
  copyText,
  pgDump,
  vectorLines,
  npy,
  fvecs,
  bvecs,
  ivecs,
  fbin,
  u8bin,
  i8bin,
  ibin,
  vectorDbBench,
];

/** The end of a file's name that tells its format; empty when none does, as for folders. */
export function endOf(path: string): string {
  const name = basename(path).toLowerCase();
  return fileFormats.flatMap(({ extensions }) => extensions).find((extension) => name.endsWith(extension)) ?? '';
}

/** The format that a file's name tells, or of a folder. @throws {PgvtuneError} `dataset` when none does */
export async function formatOf(path: string): Promise<FileFormat> {
  const found = fileFormats.find(({ extensions }) => extensions.includes(endOf(path)));
  if (found) return found;
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isFolder) return vectorDbBench;
  const known = fileFormats.flatMap(({ extensions }) => extensions).join(' ');
  throw new PgvtuneError('dataset', `Expected a file of vectors, got ${path}, whose name tells no known format.`, {
    hint: `Known are ${known}, and folders with train.parquet.`,
  });
}

/** As {@link formatOf} for a file to be written; a name without an end is that of a folder. */
export const formatToWrite = async (path: string): Promise<FileFormat> =>
  extname(path) === '' ? vectorDbBench : formatOf(path);

/** The files that make up what is read from `path`. */
export async function filesOf(path: string): Promise<readonly string[]> {
  return (await (await formatOf(path)).files?.(path)) ?? [path];
}
