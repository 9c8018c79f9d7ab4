import { closeSync, openSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseJson, verifyChecksum } from '../../checksummed-json.js';
import { PgvtuneError } from '../../errors.js';
import { fitColumns } from '../import/column-types.js';
import type { Dataset } from './dataset.js';
import { filesIn, isMissing } from './file-system.js';
import { manifestSchema, type DatasetManifest } from './manifest.js';
import { readNames, resolveName } from './names.js';
import { readRows } from './row-file.js';
import { OBJECT_FILES, objectFolder, objectsFolder } from './layout.js';
import { readBlocks, readVector } from './vector-file.js';

/**
 * Opens a dataset of the store for reading. Only the queries are read into memory.
 *
 * @param store folder of the store
 * @param nameOrHash a name, or the first 8 or more digits of a hash
 * @throws {PgvtuneError} `dataset` when there is none of that name, or its files are damaged
 */
export async function openDataset(store: string, nameOrHash: string): Promise<Dataset> {
  const hash = await resolveName(store, nameOrHash);
  if (hash === null) {
    const names = [...(await readNames(store)).keys()];
    throw new PgvtuneError('dataset', `There is no dataset "${nameOrHash}" in ${store}.`, {
      hint: names.length > 0 ? `There are: ${names.join(', ')}.` : 'Import or generate one first.',
    });
  }
  const folder = objectFolder(store, hash);
  const damage = await damageOf(folder);
  if (damage !== null) {
    throw new PgvtuneError('dataset', `Dataset "${nameOrHash}" is damaged: ${damage}.`, {
      hint: `Delete ${folder} and import it again.`,
    });
  }
  return openObject(folder, nameOrHash === hash ? null : nameOrHash);
}

/** As {@link openDataset}, but null when nothing in the store is called so. */
export async function findDataset(store: string, nameOrHash: string): Promise<Dataset | null> {
  return (await resolveName(store, nameOrHash)) === null ? null : openDataset(store, nameOrHash);
}

async function openObject(folder: string, calledBy: string | null): Promise<Dataset> {
  const file = (name: keyof typeof OBJECT_FILES): string => join(folder, OBJECT_FILES[name]);
  const stored = await readManifest(folder);
  const manifest = calledBy !== null && !stored.hash.startsWith(calledBy) ? { ...stored, name: calledBy } : stored;
  const { rows, dimensions, queries, columns } = manifest;
  const fit = fitColumns(columns);

  const queryValues = new Float32Array(queries * dimensions);
  for await (const { start, values } of readBlocks(file('queries'), { rows: queries, dimensions })) {
    queryValues.set(values, start * dimensions);
  }
  const fitted = async function* (path: string) {
    for await (const row of readRows(path)) yield { ...row, attributes: fit(row.attributes) };
  };
  let descriptor: number | null = null;

  return {
    manifest,
    queries: { rows: queries, dimensions, values: queryValues },
    blocks: (rowsPerBlock) => readBlocks(file('base'), { rows, dimensions }, rowsPerBlock),
    vector(row) {
      if (!Number.isInteger(row) || row < 0 || row >= rows) {
        throw new RangeError(`Expected a row from 0 to ${rows - 1}, got ${row}.`);
      }
      descriptor ??= openSync(file('base'), 'r');
      return readVector(descriptor, row, dimensions);
    },
    rows: () => fitted(file('rows')),
    queryRows: () => fitted(file('queryRows')),
    async declaredNeighbours() {
      const bytes = await readFile(file('declared')).catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (bytes === null) return null;
      const k = bytes.length / 4 / queries;
      return { k, rows: new Int32Array(new Uint8Array(bytes).buffer) };
    },
    cacheFolder: file('cache'),
    close() {
      if (descriptor !== null) closeSync(descriptor);
      descriptor = null;
    },
  };
}

/** A dataset of the store with the names that refer to it; none when newer data took its name. */
export interface StoredDataset {
  readonly names: readonly string[];
  readonly manifest: DatasetManifest;
}

/** Every dataset of the store whose manifest can be read, by name. */
export async function listDatasets(store: string): Promise<StoredDataset[]> {
  const names = [...(await readNames(store))];
  const stored: StoredDataset[] = [];
  for (const hash of await filesIn(objectsFolder(store))) {
    const manifest = await readManifest(objectFolder(store, hash)).catch(() => null);
    if (manifest === null) continue;
    stored.push({ names: names.filter(([, of]) => of === hash).map(([name]) => name), manifest });
  }
  const key = ({ names, manifest }: StoredDataset): string => names[0] ?? `\u{ffff}${manifest.hash}`;
  return stored.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function readManifest(folder: string): Promise<DatasetManifest> {
  const path = join(folder, OBJECT_FILES.manifest);
  return manifestSchema.parse(verifyChecksum(parseJson(await readFile(path, 'utf8'), path), path));
}

/** What is wrong with an object's files as far as their sizes tell; null when nothing is. */
export async function damageOf(folder: string): Promise<string | null> {
  let manifest: DatasetManifest;
  try {
    manifest = await readManifest(folder);
  } catch (error) {
    if (isMissing(error)) return `${OBJECT_FILES.manifest} is missing`;
    if (error instanceof PgvtuneError) return error.message.replace(/\.$/, '');
    if (error instanceof z.ZodError)
      return `${OBJECT_FILES.manifest} is not of this version: ${z.prettifyError(error)}`;
    throw error;
  }
  const expected = [
    [OBJECT_FILES.base, manifest.rows * manifest.dimensions * 4],
    [OBJECT_FILES.queries, manifest.queries * manifest.dimensions * 4],
    [OBJECT_FILES.rows, null],
    [OBJECT_FILES.queryRows, null],
  ] as const;
  for (const [name, bytes] of expected) {
    const size = await stat(join(folder, name)).then(
      (file) => file.size,
      () => null,
    );
    if (size === null) return `${name} is missing`;
    if (bytes !== null && size !== bytes) return `${name} has ${size} bytes instead of ${bytes}`;
  }
  return null;
}
