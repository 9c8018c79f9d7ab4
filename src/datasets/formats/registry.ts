import { readdir } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { PgvtuneError } from '../../errors.js';
import { beirFolder } from './folders/beir.js';
import { qdrantFolder } from './folders/qdrant.js';
import { csv } from './text/csv.js';
import { f16bin, fbin, i8bin, ibin, u8bin } from './binary/fbin.js';
import type { FileFormat } from './format.js';
import { bvecs, fvecs, ivecs } from './binary/fvecs.js';
import { hdf5 } from './hdf5/hdf5.js';
import { json, jsonl } from './text/jsonl.js';
import { npy } from './binary/npy.js';
import { parquet } from './parquet/parquet.js';
import { vectorLines } from './text/vector-lines.js';
import { copyText, pgDump } from './text/pg-dump.js';
import { vectorDbBench } from './folders/vectordbbench.js';

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
  f16bin,
  u8bin,
  i8bin,
  ibin,
  vectorDbBench,
  beirFolder,
  qdrantFolder,
];

/** What people have that is not read, and one line that makes a file of it that is. */
const FOREIGN: readonly { readonly ends: readonly string[]; readonly is: string; readonly convert: string }[] = [
  {
    ends: ['.npz'],
    is: 'an archive of NumPy arrays',
    convert: 'import numpy as n; a = n.load("FILE.npz"); print(a.files); n.save("docs.npy", a[a.files[0]])',
  },
  {
    ends: ['.pkl', '.pickle', '.pickle.gz', '.joblib'],
    is: 'a pickle of Python, which runs code when it is read',
    convert: 'import pandas as p; p.DataFrame(p.read_pickle("FILE.pkl")).to_parquet("docs.parquet")',
  },
  {
    ends: ['.arrow', '.feather', '.ipc'],
    is: 'a table of Arrow',
    convert: 'import pandas as p; p.read_feather("FILE.arrow").to_parquet("docs.parquet")',
  },
  {
    ends: ['.pt', '.pth', '.safetensors'],
    is: 'a file of tensors',
    convert: 'import torch, numpy as n; n.save("docs.npy", torch.load("FILE.pt").float().numpy())',
  },
  {
    ends: ['.xlsx', '.xls'],
    is: 'a spreadsheet',
    convert: 'import pandas as p; p.read_excel("FILE.xlsx").to_csv("docs.csv", index=False)',
  },
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
  const names = await readdir(path).catch(() => null);
  if (names !== null) {
    const folder = fileFormats.find(({ isFolder }) => isFolder?.(names));
    if (folder) return folder;
    const known = fileFormats.flatMap(({ isFolder, name }) => (isFolder ? [name] : []));
    throw new PgvtuneError('dataset', `${path}: expected a ${known.join(', ')}, got ${listed(names)}.`, {
      hint: 'Give the path of the file itself, or name train.parquet, vectors.npy or corpus.jsonl as these do.',
    });
  }
  const foreign = FOREIGN.find(({ ends }) => ends.some((end) => path.toLowerCase().endsWith(end)));
  if (foreign) {
    throw new PgvtuneError('dataset', `${path} is ${foreign.is}, which is not read.`, {
      hint: `Convert it: python3 -c '${foreign.convert}'`,
    });
  }
  const known = fileFormats.flatMap(({ extensions }) => extensions).join(' ');
  throw new PgvtuneError('dataset', `Expected a file of vectors, got ${path}, whose name tells no known format.`, {
    hint: `Known are ${known}, and folders with train.parquet.`,
  });
}

const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'no files' : names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '');

/** As {@link formatOf} for a file to be written; a name without an end is that of a folder. */
export const formatToWrite = async (path: string): Promise<FileFormat> =>
  extname(path) === '' ? vectorDbBench : formatOf(path);

/** The files that make up what is read from `path`. */
export async function filesOf(path: string): Promise<readonly string[]> {
  return (await (await formatOf(path)).files?.(path)) ?? [path];
}
