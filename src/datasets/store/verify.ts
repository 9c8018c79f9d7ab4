import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PgvtuneError } from '../../errors.js';
import { fileHash } from './content-hash.js';
import { isMissing } from './file-system.js';
import type { DatasetManifest } from './manifest.js';
import { objectHash } from './object-hash.js';
import { openDataset } from './open.js';
import { OBJECT_FILES, objectFolder } from './layout.js';

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Share of the bytes that were read. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Reads every byte of a stored dataset and compares it with the hash that it is stored under; opening one looks at sizes
 * only.
 *
 * @throws {PgvtuneError} `dataset` when there is none of that name, or its files are not what they were; `interrupted`
 */
export async function verifyDataset(
  store: string,
  nameOrHash: string,
  { signal, onProgress }: VerifyOptions = {},
): Promise<{ readonly manifest: DatasetManifest; readonly bytes: number }> {
  const dataset = await openDataset(store, nameOrHash);
  dataset.close();
  const { manifest } = dataset;
  const folder = objectFolder(store, manifest.hash);
  const { base, rows, queries, queryRows, declared } = OBJECT_FILES;
  const names = [base, rows, queries, queryRows, declared];
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  const bytes = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  let bytesRead = 0;
  const digest = (name: string): Promise<string> =>
    fileHash(join(folder, name), signal, (more) => {
      bytesRead += more;
      onProgress?.(bytesRead / bytes);
    });
  const hash = objectHash(manifest, {
    base: [await digest(base), await digest(rows)],
    queries: [await digest(queries), await digest(queryRows)],
    declared: sizes.at(-1) === null ? null : await digest(declared),
  });
  if (hash === manifest.hash) return { manifest, bytes };
  throw new PgvtuneError('dataset', `Dataset "${nameOrHash}" is damaged: its files are not what was stored.`, {
    hint: `Delete ${folder} and import it again.`,
  });
}

const sizeOf = (path: string): Promise<number | null> =>
  stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (isMissing(error)) return null;
      throw error;
    },
  );
