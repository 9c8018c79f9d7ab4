import { join } from 'node:path';
import { z } from 'zod';
import { PgvtuneError } from '../../errors.js';
import { filesIn, readJson, writeJson } from './file-system.js';
import { namesFolder, objectsFolder } from './layout.js';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const HASH_PREFIX = /^[0-9a-f]{8,64}$/;

const nameSchema = z.object({ hash: z.string().regex(/^[0-9a-f]{64}$/) });

/** Refuses what could not be a file's name everywhere, or could lead out of the store. @throws {PgvtuneError} `usage` */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw new PgvtuneError('usage', `Expected a dataset name such as "docs-en", got ${JSON.stringify(name)}.`, {
    hint: 'Use 1 to 64 lower-case letters, digits, dots, underscores and hyphens, beginning with a letter or digit.',
  });
}

/** The nearest valid name: `Docs (EN)` → `docs-en`. */
export function nameFrom(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64)
    .replace(/[^a-z0-9]+$/, '');
  return name || 'dataset';
}

/** Lets `name` refer to an object, and no longer to the one before. */
export async function setName(store: string, name: string, hash: string): Promise<void> {
  await writeJson(pathOf(store, checkName(name)), { hash });
}

/** Every name with the hash it refers to, in alphabetical order. */
export async function readNames(store: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const file of await filesIn(namesFolder(store))) {
    const name = file.endsWith('.json') ? file.slice(0, -'.json'.length) : '';
    const hash = NAME.test(name) ? await readName(store, name) : null;
    if (hash !== null) names.set(name, hash);
  }
  return names;
}

/**
 * The hash of the object that a name, a whole hash or the first 8 or more digits of one refer to; null when nothing
 * in the store is called so.
 */
export async function resolveName(store: string, nameOrHash: string): Promise<string | null> {
  const named = NAME.test(nameOrHash) ? await readName(store, nameOrHash) : null;
  if (named !== null || !HASH_PREFIX.test(nameOrHash)) return named;
  const matching = (await filesIn(objectsFolder(store))).filter((hash) => hash.startsWith(nameOrHash));
  return matching.length === 1 ? matching[0]! : null;
}

const pathOf = (store: string, name: string): string => join(namesFolder(store), `${name}.json`);

const readName = async (store: string, name: string): Promise<string | null> =>
  (await readJson(pathOf(store, name), nameSchema))?.hash ?? null;
