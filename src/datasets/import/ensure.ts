import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { PgvtuneError } from '../../errors.js';
import { shortHash } from '../../canonical-json.js';
import type { Dataset } from '../store/dataset.js';
import { contentHash } from '../store/content-hash.js';
import { readJson, writeJson } from '../store/file-system.js';
import { endOf, filesOf, nameOfFile, openSource, type SourceFileOptions } from '../formats/index.js';
import { importDataset, type ImportOptions } from './import.js';
import { checkName, nameFrom, resolveName, setName } from '../store/names.js';
import { damageOf, openDataset } from '../store/open.js';
import { objectFolder, sourcePath } from '../store/layout.js';

export interface EnsureOptions extends ImportOptions, SourceFileOptions {}

/** Raised when the same file with the same options becomes another dataset than before. */
const IMPORT_VERSION = 3;

const knownSourceSchema = z.object({ hash: z.string() });

/**
 * A dataset by its name in the store, or a file used directly: it is imported unless the store knows its content
 * already. So nothing is read twice, and no exact neighbours are computed twice.
 *
 * @param store folder of the store; made if it is not there
 * @param nameOrPath a file or folder if there is one of that name, else a name or hash in the store
 * @throws {PgvtuneError} as `openSource`, {@link importDataset} and {@link openDataset}; `usage` for files besides a name
 */
export async function ensureDataset(store: string, nameOrPath: string, options: EnsureOptions = {}): Promise<Dataset> {
  if (await isOnDisk(nameOrPath)) return ensureFile(store, nameOrPath, options);
  const isStored = (await resolveName(store, nameOrPath)) !== null;
  if (isStored) refuseFiles(nameOrPath, options);
  if (isStored || !/[/\\.]/.test(nameOrPath)) return openDataset(store, nameOrPath);
  throw new PgvtuneError('dataset', `There is neither a file ${nameOrPath} nor a dataset of that name in ${store}.`, {
    hint: 'Check the path, or list the datasets that there are.',
  });
}

/** What is read, and how: the same bytes mean something else in another format. */
interface FileContents {
  /** The end of the file's name that tells the format. */
  readonly end: string;
  readonly hashes: readonly string[];
}

async function ensureFile(store: string, path: string, options: EnsureOptions): Promise<Dataset> {
  const { metric, queries: heldOut, seed, vectorField, textField, idField, attributes, ...others } = options;
  const { vectors, queryVectors, truth, skipInvalid } = others;
  const fields = { vectorField, textField, idField, attributes, vectors, queryVectors, truth };
  const meaning = { metric, heldOut, seed, skipInvalid, ...fields };
  const name = options.name === undefined ? nameFrom(nameOfFile(path)) : checkName(options.name);
  const contentsOf = async (file: string | undefined): Promise<FileContents | null> => {
    if (file === undefined) return null;
    const hashes = await inOrder(await filesOf(file), (part) => contentHash(store, part, options.signal));
    return { end: endOf(file), hashes };
  };
  const base = await contentsOf(path);
  const queries = await contentsOf(options.queriesFile);
  const neighbours = await contentsOf(options.neighboursFile);
  const records = await contentsOf(options.recordsFile);
  const queryRecords = await contentsOf(options.queryRecordsFile);
  const contents = { base, queries, neighbours, records, queryRecords };
  const known = sourcePath(store, shortHash({ version: IMPORT_VERSION, ...contents, ...meaning }));

  const before = await readJson(known, knownSourceSchema);
  if (before !== null && (await damageOf(objectFolder(store, before.hash))) === null) {
    await setName(store, name, before.hash);
    return openDataset(store, name);
  }
  const source = await openSource(path, options);
  const provenance = {
    ...(source.provenance as object),
    sha256: Object.values(contents).flatMap((file) => file?.hashes ?? []),
  };
  const dataset = await importDataset(store, { ...source, provenance }, { ...options, name });
  await writeJson(known, { hash: dataset.manifest.hash });
  return dataset;
}

/** @throws {PgvtuneError} `usage`: what is not looked at must not seem to have been */
function refuseFiles(name: string, files: SourceFileOptions): void {
  const file = files.queriesFile ?? files.neighboursFile ?? files.recordsFile ?? files.queryRecordsFile;
  if (file === undefined) return;
  throw new PgvtuneError(
    'usage',
    `${name} is a dataset in the store, which has its queries and records; got ${file} besides.`,
    {
      hint: 'Leave the file out, or import it together with the vectors.',
    },
  );
}

async function inOrder<In, Out>(items: readonly In[], step: (item: In) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  for (const item of items) results.push(await step(item));
  return results;
}

const isOnDisk = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
