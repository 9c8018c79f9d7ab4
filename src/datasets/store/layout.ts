import { join } from 'node:path';

/*
 * What lies where. A store is a folder:
 *
 *   names/<name>.json     which object the name refers to
 *   digests/<key>.json    the SHA-256 of a file that was seen, with its path, size and time of change
 *   sources/<key>.json    which object came of which file contents and options
 *   objects/<hash>/       one dataset; never changed once it is there, but for its cache
 *   unfinished/           imports under way; each is renamed into objects/ as a whole or removed
 */

export const namesFolder = (store: string): string => join(store, 'names');
export const digestPath = (store: string, key: string): string => join(store, 'digests', `${key}.json`);
export const sourcePath = (store: string, key: string): string => join(store, 'sources', `${key}.json`);
export const unfinishedFolder = (store: string): string => join(store, 'unfinished');
export const objectFolder = (store: string, hash: string): string => join(store, 'objects', hash);
export const objectsFolder = (store: string): string => join(store, 'objects');

/** The files of one object. Numbers are little-endian, matrices row-major without header. */
export const OBJECT_FILES = {
  manifest: 'manifest.json',
  /** float32 */
  base: 'base.f32',
  /** float32 */
  queries: 'queries.f32',
  /** One JSON object a line: id, text, attributes; each left out where the source has none. */
  rows: 'rows.ndjson',
  queryRows: 'query-rows.ndjson',
  /** int32; absent where the source declares none. */
  declared: 'declared.i32',
  cache: 'cache',
} as const;
